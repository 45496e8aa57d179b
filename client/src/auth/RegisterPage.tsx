import { Link, Navigate, useLocation } from "react-router";
import { api, call } from "../api/client";
import { PageHeading } from "../components/PageHeading";
import { type CredentialField, CredentialsForm } from "./CredentialsForm";
import { invitationOf } from "./invitation";
import { canRegister, useRegistration } from "./useRegistration";

const FIELDS: CredentialField[] = [
  {
    name: "username",
    label: "Username",
    type: "text",
    autoComplete: "nickname",
    hint: "Shown on the leaderboard.",
  },
  { name: "email", label: "E-mail", type: "email", autoComplete: "username" },
  { name: "password", label: "Password", type: "password", autoComplete: "new-password" },
];

const INVITATION: CredentialField = {
  name: "invitation",
  label: "Invitation code",
  type: "text",
  autoComplete: "off",
  hint: "You get it from the administrators of this site.",
};

export function RegisterPage() {
  const location = useLocation();
  const registration = useRegistration();
  if (registration !== undefined && !canRegister(registration)) {
    return <Navigate to="/login" state={location.state} replace />;
  }
  return (
    <div className="narrow">
      <PageHeading title="Register" />
      <CredentialsForm
        fields={registration === "invite" ? [INVITATION, ...FIELDS] : FIELDS}
        submitLabel="Register"
        initial={{ invitation: invitationOf(location) }}
        onSubmit={({ username = "", email = "", password = "", invitation = "" }) =>
          call(
            api.POST("/auth/register", {
              body: { username, email, password, invitation: invitation.trim() },
            }),
          )
        }
      >
        Already registered?{" "}
        <Link to="/login" state={location.state}>
          Log in
        </Link>
      </CredentialsForm>
    </div>
  );
}
