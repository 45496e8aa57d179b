import { Link } from "react-router";
import { Heading } from "./Heading";

export function NotFound() {
  return (
    <div className="narrow">
      <Heading title="There is no such page" />
      <p>
        The address may be mistyped, or the page is gone. <Link to="/">All exercises</Link> are here.
      </p>
    </div>
  );
}
