import { Link } from "react-router";
import { PageHeading } from "../../components/PageHeading";

export function AccessDenied({ audience }: { audience: string }) {
  return (
    <div className="narrow">
      <PageHeading title={`For ${audience} only`} />
      <p>
        Your account cannot open this page. Go to <Link to="/">all exercises</Link>.
      </p>
    </div>
  );
}
