// The pool of connections, from which a statement is run by its name: node-postgres then prepares it once a connection.
import pg from 'pg'

pg.types.setTypeParser(pg.types.builtins.INT8, Number)

export function connect (connectionString) {
  const pool = new pg.Pool({ connectionString })
  return {
    rows: async (statement, ...values) => (await pool.query({ ...statement, values })).rows,
    end: () => pool.end()
  }
}
