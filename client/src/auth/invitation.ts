/**
 * Return the invitation code in a link to the registration, or "": `/register?invitation=CODE`, or
 * `/register#invitation=CODE`, which browsers do not send, so that it is in no server's log.
 */
export function invitationOf({ search, hash }: { search: string; hash: string }): string {
  return (
    new URLSearchParams(search).get("invitation") ??
    new URLSearchParams(hash.slice(1)).get("invitation") ??
    ""
  );
}
