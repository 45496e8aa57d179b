import { Heading } from "../../../components/Heading";
import { Export } from "./Export";
import { Import } from "./Import";

export function Component() {
  return (
    <>
      <Heading title="Import and export" />
      <div className="two-columns">
        <Import />
        <Export />
      </div>
    </>
  );
}
