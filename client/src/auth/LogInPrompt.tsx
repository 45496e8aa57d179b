import { Link } from "react-router";
import { PageHeading } from "../components/PageHeading";
import { useReturnTo } from "./useReturnTo";

export function LogInPrompt({ what }: { what: string }) {
  const state = useReturnTo();
  return (
    <div className="narrow">
      <PageHeading title="Log in" />
      <p>
        <Link to="/login" state={state}>
          Log in
        </Link>{" "}
        to see {what}.
      </p>
    </div>
  );
}
