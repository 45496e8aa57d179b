/**
 * Return the invitation code of a link to the registration, if it has one: `/register?invitation=CODE`, or
 * `/register#invitation=CODE`, which browsers do not send, so that no log of a proxy has it.
 */
export function invitationOf({ search, hash }: { search: string; hash: string }): string {
  return (
    new URLSearchParams(search).get("invitation") ??
    new URLSearchParams(hash.slice(1)).get("invitation") ??
    ""
  );
}
