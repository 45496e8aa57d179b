import { Link, useLocation } from "react-router";
import { api, call } from "../api/client";
import { ApiError } from "../api/errors";
import { PageHeading } from "../components/PageHeading";
import { type CredentialField, CredentialsForm } from "./CredentialsForm";
import { TokenForm } from "./TokenForm";
import { useRegistration } from "./useRegistration";

const FIELDS: CredentialField[] = [
  { name: "email", label: "E-mail", type: "email", autoComplete: "username" },
  { name: "password", label: "Password", type: "password", autoComplete: "current-password" },
];

export function LogInPage() {
  const location = useLocation();
  const registration = useRegistration();
  return (
    <div className="narrow">
      <PageHeading title="Log in" />
      {registration === "elsewhere" ? (
        <TokenForm />
      ) : (
        <CredentialsForm fields={FIELDS} action="Log in" send={enter}>
          {registration === "closed" ? (
            "No account yet? The people who run this site can make one for you."
          ) : (
            <>
              No account yet?{" "}
              <Link to="/register" state={location.state}>
                Register
              </Link>
            </>
          )}
        </CredentialsForm>
      )}
    </div>
  );
}

/** The service does not say which of the two was wrong: who tries addresses would learn whose account is here. */
async function enter({ email = "", password = "" }: Record<string, string>) {
  try {
    return await call(api.POST("/auth/login", { body: { email, password } }));
  } catch (error) {
    if (error instanceof ApiError && error.httpStatus === 404) {
      throw new ApiError(`${error.message} Please check e-mail and password.`, 404, error.requestId);
    }
    throw error;
  }
}
