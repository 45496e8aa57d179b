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
  submitLabel: string;
  initial?: Record<string, string>;
  /** Exchange the credentials for a token. */
  onSubmit: (values: Record<string, string>) => Promise<{ auth_token: string }>;
  children: ReactNode;
}

/** The form of the log-in and of the registration. A user who is logged in is redirected to where they came from. */
export function CredentialsForm({ fields, submitLabel, initial = {}, onSubmit, children }: Props) {
  const location = useLocation();
  const token = useToken();
  const [values, setValues] = useState<Record<string, string>>(initial);
  const submission = useMutation({
    mutationFn: onSubmit,
    onSuccess: ({ auth_token }) => beginSession(auth_token),
  });
  const fieldErrors = submission.error instanceof ApiError ? submission.error.fields : {};

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!submission.isPending) {
      submission.mutate(values);
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
          errors={fieldErrors[field.name]}
          onChange={(value) => setValues({ ...values, [field.name]: value })}
        />
      ))}
      {submission.error && <ErrorNotice error={submission.error} />}
      <button type="submit" className="button primary" aria-disabled={submission.isPending}>
        {submission.isPending ? "Please wait …" : submitLabel}
      </button>
      <p className="quiet">{children}</p>
    </form>
  );
}
