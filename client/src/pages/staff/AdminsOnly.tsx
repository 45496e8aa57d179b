import type { ReactNode } from "react";
import { useIsAdmin } from "../../auth/useUser";
import { AccessDenied } from "./AccessDenied";

/** Content that graders may not see. */
export function AdminsOnly({ children }: { children: ReactNode }) {
  return useIsAdmin() ? children : <AccessDenied audience="admins" />;
}
