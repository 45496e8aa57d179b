import type { ReactNode } from "react";
import { Link } from "react-router";
import { useUser } from "../../auth/useUser";
import { Heading } from "../../components/Heading";

export function Refusal({ whom }: { whom: string }) {
  return (
    <div className="narrow">
      <Heading title={`For ${whom} only`} />
      <p>
        You are logged in, but this page is for {whom}. <Link to="/">All exercises</Link> are here.
      </p>
    </div>
  );
}

/** What only admins may do: graders read and decide about scores, admins about exercises too. */
export function AdminsOnly({ children }: { children: ReactNode }) {
  return useIsAdmin() ? children : <Refusal whom="admins" />;
}

export function useIsAdmin(): boolean {
  return useUser()?.role === "admin";
}
