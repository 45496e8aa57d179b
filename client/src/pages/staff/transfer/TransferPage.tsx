import { PageHeading } from "../../../components/PageHeading";
import { ExportForm } from "./ExportForm";
import { ImportForm } from "./ImportForm";

export function Component() {
  return (
    <>
      <PageHeading title="Import and export" />
      <div className="two-columns">
        <ImportForm />
        <ExportForm />
      </div>
    </>
  );
}
