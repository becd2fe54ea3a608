// The panel by which the visitor is AWS: what the account holds, and what may be done to it.
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { act } from "./server";
import { Stage } from "./stage";
import { ago } from "./text";
import type { Aws, AwsFunction } from "./model";

interface PanelGiven {
  /** Whether the visitor opened it, and so goes on in it. */
  opened: boolean;
  close: () => void;
}

export function AwsPanel({ opened, close }: PanelGiven) {
  const { seen } = useContext(Stage);
  const { aws } = seen;
  const [chosen, choose] = useState("orders");
  const [told, tell] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (opened) heading.current?.focus();
  }, []);
  const change = (name: string) =>
    act(seen.me.user, "aws", { change: name, function: chosen }).then(({ told, error }) =>
      tell(error ?? String(told)),
    );
  const shown = aws.functions.find((each) => each.name === chosen) ?? aws.functions[0];
  return (
    <section class="aws" id="aws" aria-label="AWS account">
      <header class="bar">
        <h2 ref={heading} tabIndex={-1}>
          You are AWS
        </h2>
        <button type="button" class="quiet" aria-label="Close the account" onClick={close}>
          ✕
        </button>
      </header>
      <div class="rest">
        <p class="context plain">
          Break something, then ask slsdiag or click <em>Check again</em>.
        </p>
        <p role="status" class="told">
          {told}
        </p>
        <label>
          Function{" "}
          <select value={shown?.name} onChange={(event) => choose(event.currentTarget.value)}>
            {aws.functions.map((each) => (
              <option value={each.name}>{each.name}</option>
            ))}
          </select>
        </label>
        {shown && <Facts of={shown} />}
        <Deployments aws={aws} change={change} />
        <h3>By hand</h3>
        <Changes labels={aws.function_changes} change={change} />
        <h3>The account</h3>
        <Stack aws={aws} />
        <Changes labels={aws.account_changes} change={change} />
      </div>
    </section>
  );
}

function Deployments({ aws, change }: { aws: Aws; change: (name: string) => void }) {
  return (
    <>
      <h3>Deployment</h3>
      <Changes labels={aws.deployments} change={change} kind="changes pair" />
      <p class="context plain">
        Deploy takes away the SDK’s layer and variables. slsdiag hears of it and checks after{" "}
        {aws.settle} seconds (outside of this demo, after 2 minutes).{" "}
        {!aws.trail ?
          "Dashboard hears of no deploy, because its trail is stopped."
        : aws.repairs_after === null ?
          "Dashboard repairs nothing."
        : `Dashboard repairs it after ${aws.repairs_after} seconds.`}
      </p>
    </>
  );
}

function Changes(given: {
  labels: Record<string, string>;
  change: (name: string) => void;
  kind?: string;
}) {
  return (
    <div class={given.kind ?? "changes"}>
      {Object.entries(given.labels).map(([name, label]) => (
        <button type="button" onClick={() => given.change(name)}>
          {label}
        </button>
      ))}
    </div>
  );
}

function Facts({ of }: { of: AwsFunction }) {
  const filters = of.ours ? `${of.filters}, ours among them` : `${of.filters}, none of them ours`;
  const facts = {
    Runtime: of.runtime,
    Layers: of.layers.join(", ") || "none",
    Wrapper: of.wrapper || "not set",
    "Org id": of.org || "not set",
    Filters: of.filters ? filters : "none",
    Invoked: of.invoked_at ? ago(of.invoked_at) : "never",
  };
  return (
    <dl>
      {Object.entries(facts).map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Stack({ aws }: { aws: Aws }) {
  const stack = aws.stacks.at(-1);
  return (
    <p class="context plain">
      Integration stack:{" "}
      {!stack ?
        "none"
      : stack.deleted_at ?
        `deleted ${ago(stack.deleted_at)}`
      : `created ${ago(stack.created_at)}`}
      .{aws.denied && " Logs may not be read."}
      {aws.slow && " AWS is slow."}
    </p>
  );
}
