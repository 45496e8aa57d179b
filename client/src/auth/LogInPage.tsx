import { Link, useLocation } from "react-router";
import { api, call } from "../api/client";
import { Heading } from "../components/Heading";
import { type CredentialField, Credentials } from "./Credentials";
import { useEnding } from "./session";

const FIELDS: CredentialField[] = [
  { name: "email", label: "E-mail", type: "email", autoComplete: "username" },
  { name: "password", label: "Password", type: "password", autoComplete: "current-password" },
];

export function LogInPage() {
  const location = useLocation();
  const ending = useEnding();
  return (
    <div className="narrow">
      <Heading title="Log in" />
      {ending === "expired" && <p role="status">Your log-in has ended. Please log in again.</p>}
      <Credentials
        fields={FIELDS}
        action="Log in"
        send={({ email = "", password = "" }) => call(api.POST("/auth/login", { body: { email, password } }))}
      >
        No account yet?{" "}
        <Link to="/register" state={location.state}>
          Register
        </Link>
      </Credentials>
    </div>
  );
}
