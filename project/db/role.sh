#!/bin/sh
# Run on init, after create.sql: the service is the owner of its databases, and no superuser.
set -eu
psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --set password="$EVAL_PASSWORD" <<'SQL'
CREATE ROLE eval LOGIN CREATEDB PASSWORD :'password';
ALTER DATABASE eval_prod OWNER TO eval;
ALTER DATABASE eval_staging OWNER TO eval;
ALTER DATABASE eval_dev OWNER TO eval;
ALTER DATABASE eval_test OWNER TO eval;
SQL
