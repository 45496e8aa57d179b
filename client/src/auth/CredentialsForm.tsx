import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { Navigate, useLocation } from "react-router";
import { ApiError } from "../api/errors";
import { beginSession, useToken } from "../api/session";
import { ErrorNotice } from "../components/ErrorNotice";
import { Field } from "../components/Field";

export interface CredentialField {
  name: string;
  label: string;
  type: "text" | "email" | "password";
  autoComplete: string;
  hint?: string;
}

interface Props {
  fields: CredentialField[];
  action: string;
  initial?: Record<string, string>;
  send: (values: Record<string, string>) => Promise<{ auth_token: string }>;
  children: ReactNode;
}

/** The form of both log-in and registration: what it sends is answered with a token. Who has one is led on. */
export function CredentialsForm({ fields, action, initial = {}, send, children }: Props) {
  const location = useLocation();
  const token = useToken();
  const [values, setValues] = useState<Record<string, string>>(initial);
  const entering = useMutation({
    mutationFn: send,
    onSuccess: ({ auth_token }) => beginSession(auth_token),
  });
  const wrong = entering.error instanceof ApiError ? entering.error.fields : {};

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!entering.isPending) {
      entering.mutate(values);
    }
  };

  if (token !== null) {
    return <Navigate to={location.state?.from ?? "/"} replace />;
  }
  return (
    <form className="card form" onSubmit={submit}>
      {fields.map((field) => (
        <Field
          key={field.name}
          {...field}
          required
          value={values[field.name] ?? ""}
          errors={wrong[field.name]}
          onChange={(value) => setValues({ ...values, [field.name]: value })}
        />
      ))}
      {entering.error && <ErrorNotice error={entering.error} />}
      <button type="submit" className="button primary" aria-disabled={entering.isPending}>
        {entering.isPending ? "One moment …" : action}
      </button>
      <p className="quiet">{children}</p>
    </form>
  );
}
