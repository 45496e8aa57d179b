import { Link, useLocation } from "react-router";
import { Heading } from "./Heading";

export function LogInToSee({ what }: { what: string }) {
  const { pathname } = useLocation();
  return (
    <div className="narrow">
      <Heading title="Log in" />
      <p>
        <Link to="/login" state={{ from: pathname }}>
          Log in
        </Link>{" "}
        to see {what}.
      </p>
    </div>
  );
}
