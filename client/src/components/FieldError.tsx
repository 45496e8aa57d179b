/** The errors of a field or a group of fields that has no control to show them at. */
export function FieldError({ messages }: { messages: string[] | undefined }) {
  return messages ? <p className="error-text">{messages.join(" ")}</p> : null;
}
