import { Link } from "react-router";
import { PageHeading } from "../components/PageHeading";
import { useReturnTo } from "./useReturnTo";

/** Shown instead of a page that only users who are logged in can see. */
export function LogInPrompt({ toSee }: { toSee: string }) {
  const state = useReturnTo();
  return (
    <div className="narrow">
      <PageHeading title="Log in" />
      <p>
        <Link to="/login" state={state}>
          Log in
        </Link>{" "}
        to see {toSee}.
      </p>
    </div>
  );
}
