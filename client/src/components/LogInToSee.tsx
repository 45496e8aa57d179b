import { Link } from "react-router";
import { useComeBack } from "../auth/useComeBack";
import { Heading } from "./Heading";

export function LogInToSee({ what }: { what: string }) {
  const state = useComeBack();
  return (
    <div className="narrow">
      <Heading title="Log in" />
      <p>
        <Link to="/login" state={state}>
          Log in
        </Link>{" "}
        to see {what}.
      </p>
    </div>
  );
}
