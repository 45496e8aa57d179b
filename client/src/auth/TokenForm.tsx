import { api, call } from "../api/client";
import { type CredentialField, CredentialsForm } from "./CredentialsForm";

const FIELDS: CredentialField[] = [{ name: "token", label: "Token", type: "password", autoComplete: "off" }];

/** The log-in where another service keeps the users: it gave a token, which is tried and then kept. */
export function TokenForm() {
  return (
    <>
      <p>
        Accounts are kept by your site, not here. Please log in there, and paste the token that it gives you.
      </p>
      <CredentialsForm fields={FIELDS} action="Log in" send={({ token = "" }) => tried(token)}>
        It stays in this browser until you log out.
      </CredentialsForm>
    </>
  );
}

async function tried(pasted: string): Promise<{ auth_token: string }> {
  const token = pasted.trim().replace(/^Bearer\s+/i, "");
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new Error(
      "A token is one word of letters, digits and signs. Please copy all of it, and nothing else.",
    );
  }
  await call(api.GET("/auth/status", { headers: { Authorization: `Bearer ${token}` } }));
  return { auth_token: token };
}
