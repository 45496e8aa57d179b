import { Link } from "react-router";
import { PageHeading } from "./PageHeading";

export function NotFoundPage() {
  return (
    <div className="narrow">
      <PageHeading title="Page not found" />
      <p>
        The address may be wrong, or the page was removed. Go to <Link to="/">all exercises</Link>.
      </p>
    </div>
  );
}
