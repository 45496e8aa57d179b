import type { ReactNode } from "react";
import { Link } from "react-router";
import { useUser } from "../../auth/useUser";
import { PageHeading } from "../../components/PageHeading";

export function AccessDenied({ whom }: { whom: string }) {
  return (
    <div className="narrow">
      <PageHeading title={`For ${whom} only`} />
      <p>
        You are logged in, but this page is for {whom}. <Link to="/">All exercises</Link> are here.
      </p>
    </div>
  );
}

/** What only admins may do: graders read and decide about scores, admins about exercises too. */
export function AdminsOnly({ children }: { children: ReactNode }) {
  return useIsAdmin() ? children : <AccessDenied whom="admins" />;
}

export function useIsAdmin(): boolean {
  return useUser()?.role === "admin";
}
