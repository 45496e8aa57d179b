import { api, call } from "../api/client";
import { type CredentialField, CredentialsForm } from "./CredentialsForm";

const FIELDS: CredentialField[] = [{ name: "token", label: "Token", type: "password", autoComplete: "off" }];

/** The log-in with an external users-service: the user pastes the token that it gave them. */
export function TokenForm() {
  return (
    <>
      <p>Your account is on another site. Log in there, and paste the token that you get.</p>
      <CredentialsForm fields={FIELDS} submitLabel="Log in" onSubmit={({ token = "" }) => checkToken(token)}>
        The token is stored in this browser until you log out.
      </CredentialsForm>
    </>
  );
}

async function checkToken(pasted: string): Promise<{ auth_token: string }> {
  const token = pasted.trim().replace(/^Bearer\s+/i, "");
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new Error("This is not a token. Copy the whole token, and nothing else.");
  }
  await call(api.GET("/auth/status", { headers: { Authorization: `Bearer ${token}` } }));
  return { auth_token: token };
}
