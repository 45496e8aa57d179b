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
      {registration === "external" ? (
        <TokenForm />
      ) : (
        <CredentialsForm fields={FIELDS} submitLabel="Log in" onSubmit={logIn}>
          {registration === "closed" ? (
            "No account yet? The administrators of this site can create one for you."
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

/** The API does not distinguish an unknown address from a wrong password, which would reveal who has an account. */
async function logIn({ email = "", password = "" }: Record<string, string>) {
  try {
    return await call(api.POST("/auth/login", { body: { email, password } }));
  } catch (error) {
    if (error instanceof ApiError && error.httpStatus === 404) {
      throw new ApiError(`${error.message} Check your e-mail and password.`, 404, error.requestId);
    }
    throw error;
  }
}
