import { Link, Navigate, useLocation } from "react-router";
import { api, call } from "../api/client";
import { Heading } from "../components/Heading";
import { type CredentialField, Credentials } from "./Credentials";
import { useUsersElsewhere } from "./useUsersElsewhere";

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

export function RegisterPage() {
  const location = useLocation();
  if (useUsersElsewhere()) {
    return <Navigate to="/login" state={location.state} replace />;
  }
  return (
    <div className="narrow">
      <Heading title="Register" />
      <Credentials
        fields={FIELDS}
        action="Register"
        send={({ username = "", email = "", password = "" }) =>
          call(api.POST("/auth/register", { body: { username, email, password } }))
        }
      >
        Registered before?{" "}
        <Link to="/login" state={location.state}>
          Log in
        </Link>
      </Credentials>
    </div>
  );
}
