import { Link } from "react-router";
import { PageHeading } from "./PageHeading";

export function NotFoundPage() {
  return (
    <div className="narrow">
      <PageHeading title="There is no such page" />
      <p>
        The address may be mistyped, or the page is gone. <Link to="/">All exercises</Link> are here.
      </p>
    </div>
  );
}
