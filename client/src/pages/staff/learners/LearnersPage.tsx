import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { Field } from "../../../components/Field";
import { formatDay, plural } from "../../../components/format";
import { PageHeading } from "../../../components/PageHeading";
import { ScrollableTable } from "../../../components/ScrollableTable";
import { Skeleton } from "../../../components/Skeleton";
import { usersQuery } from "../../../queries/users";

const MAX_SHOWN = 100;

export function Component() {
  const users = useInfiniteQuery(usersQuery);
  const [search, setSearch] = useState("");
  const all = users.data?.pages.flatMap((page) => page.data.users);
  const text = search.trim().toLowerCase();
  const found = all?.filter(
    ({ id, username, email }) =>
      String(id) === text ||
      username.toLowerCase().includes(text) ||
      Boolean(email?.toLowerCase().includes(text)),
  );
  return (
    <>
      <PageHeading title="Learners" />
      <div className="search">
        <Field
          label="Find a learner"
          name="find"
          type="search"
          hint="By name or ID."
          value={search}
          onChange={setSearch}
        />
      </div>
      {users.error && <ErrorNotice error={users.error} onRetry={() => users.refetch()} />}
      {users.isPending && <Skeleton lines={12} />}
      {/^\d+$/.test(text) && (
        <p>
          <Link to={`/teach/learners/${text}`}>Go to learner {text}</Link>
        </p>
      )}
      {all && found && (
        <>
          <p className="quiet" role="status">
            {`${plural(found.length, "match", "matches")} among ${plural(all.length, "account")}`}
            {users.hasNextPage && " loaded so far"}
            {found.length > MAX_SHOWN && `. The first ${MAX_SHOWN} are shown`}.
          </p>
          <ScrollableTable label="Learners">
            <table>
              <thead>
                <tr>
                  <th scope="col" className="number">
                    ID
                  </th>
                  <th scope="col">Name</th>
                  <th scope="col">Registered</th>
                </tr>
              </thead>
              <tbody>
                {found.slice(0, MAX_SHOWN).map((user) => (
                  <tr key={user.id}>
                    <td className="number">{user.id}</td>
                    <th scope="row">
                      <Link to={`/teach/learners/${user.id}`}>{user.username}</Link>
                    </th>
                    <td className="when">{formatDay(user.created_at.slice(0, 10))}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollableTable>
        </>
      )}
      {users.hasNextPage && (
        <div>
          <button
            type="button"
            className="button"
            aria-disabled={users.isFetching}
            onClick={() => users.fetchNextPage()}
          >
            Load more accounts
          </button>
        </div>
      )}
    </>
  );
}
