// Block Kit, as Slack draws it. A block that is not known says so in the page.
import { Field, Interactive, type Clicking } from "./elements";
import { ChartFigure } from "./chart";
import { DataTable } from "./table";
import { Mrkdwn, Rich, Said, Unsupported } from "./text";
import type { Block, Element, RichText, Text } from "./model";

interface Given extends Clicking {
  /** What the bot says is wrong, by block id. */
  complaints?: Record<string, string>;
}

export function Blocks({ blocks, ...clicking }: { blocks: Block[] } & Given) {
  const seen: Record<string, number> = {};
  return (
    <>
      {blocks.map((block) => {
        // the n-th of its type: so a button keeps its focus when a line is added above it
        seen[block.type] = (seen[block.type] ?? 0) + 1;
        return <Drawn key={`${block.type}-${seen[block.type]}`} block={block} {...clicking} />;
      })}
    </>
  );
}

function Drawn({ block, ...clicking }: { block: Block } & Given) {
  switch (block.type) {
    case "header":
      return <h3>{block.text?.text}</h3>;
    case "section":
      return <Section block={block} {...clicking} />;
    case "context":
      return <Context elements={(block.elements ?? []) as (Text & Element)[]} />;
    case "divider":
      return <hr />;
    case "actions":
      return (
        <div class="actions">
          {((block.elements ?? []) as Element[]).map((element) => (
            <Interactive key={element.action_id} element={element} {...clicking} />
          ))}
        </div>
      );
    case "rich_text":
      return <div class="rich"><Rich parts={(block.elements ?? []) as RichText[]} /></div>;
    case "markdown":
      return <p class="said"><Mrkdwn text={String(block.text ?? "")} /></p>;
    case "input":
      return <Input block={block} {...clicking} />;
    case "image":
      return <Picture block={block} />;
    case "data_table":
      return <DataTable block={block} />;
    case "data_visualization":
      return <ChartFigure block={block} />;
    default:
      return <p><Unsupported what={block.type} /></p>;
  }
}

function Section({ block, ...clicking }: { block: Block } & Given) {
  return (
    <div class="section">
      <div>
        {block.text && <p class="said"><Said text={block.text} /></p>}
        {block.fields && (
          <ul class="fields">
            {block.fields.map((field) => <li class="said"><Said text={field} /></li>)}
          </ul>
        )}
      </div>
      {block.accessory && <Interactive element={block.accessory} {...clicking} />}
    </div>
  );
}

function Context({ elements }: { elements: (Text & Element)[] }) {
  return (
    <p class="context said">
      {elements.map((element) =>
        element.type === ("image" as string) ?
          <img src={element.image_url} alt={element.alt_text ?? ""} />
        : <span><Said text={element} /></span>,
      )}
    </p>
  );
}

function Input({ block, ...clicking }: { block: Block } & Given) {
  if (!block.element) return null;
  return (
    <Field
      element={block.element}
      label={block.label?.text ?? ""}
      hint={block.hint?.text}
      complaint={clicking.complaints?.[block.block_id ?? ""]}
      optional={block.optional}
      tells={block.dispatch_action}
      {...clicking}
    />
  );
}

function Picture({ block }: { block: Block }) {
  const title = typeof block.title === "string" ? block.title : block.title?.text;
  return (
    <figure>
      {title && <figcaption>{title}</figcaption>}
      <img src={block.image_url} alt={block.alt_text ?? ""} />
    </figure>
  );
}
