import { Link } from "react-router";
import { Heading } from "../components/Heading";
import { useComeBack } from "./useComeBack";

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
