// Block Kit, as Slack draws it. A block that is not known says so in the page.
import { Field, Interactive, type Pressing } from "./elements";
import { ChartFigure } from "./chart";
import { DataTable } from "./table";
import { Mrkdwn, Rich, Said, Unsupported } from "./text";
import type { Block, Element, RichText, Text } from "./model";

interface Given extends Pressing {
  /** What the bot says is wrong, by block id. */
  complaints?: Record<string, string>;
}

export function Blocks({ blocks, ...pressing }: { blocks: Block[] } & Given) {
  const seen: Record<string, number> = {};
  return (
    <>
      {blocks.map((block) => {
        // the n-th of its type: so a button keeps its focus when a line is added above it
        seen[block.type] = (seen[block.type] ?? 0) + 1;
        return <Drawn key={`${block.type}-${seen[block.type]}`} block={block} {...pressing} />;
      })}
    </>
  );
}

function Drawn({ block, ...pressing }: { block: Block } & Given) {
  switch (block.type) {
    case "header":
      return <h3>{block.text?.text}</h3>;
    case "section":
      return <Section block={block} {...pressing} />;
    case "context":
      return <Context elements={(block.elements ?? []) as (Text & Element)[]} />;
    case "divider":
      return <hr />;
    case "actions":
      return (
        <div class="actions">
          {((block.elements ?? []) as Element[]).map((element) => (
            <Interactive key={element.action_id} element={element} {...pressing} />
          ))}
        </div>
      );
    case "rich_text":
      return <div class="rich"><Rich parts={(block.elements ?? []) as RichText[]} /></div>;
    case "markdown":
      return <p class="said"><Mrkdwn text={String(block.text ?? "")} /></p>;
    case "input":
      return <Input block={block} {...pressing} />;
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

function Section({ block, ...pressing }: { block: Block } & Given) {
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
      {block.accessory && <Interactive element={block.accessory} {...pressing} />}
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

function Input({ block, ...pressing }: { block: Block } & Given) {
  if (!block.element) return null;
  return (
    <Field
      element={block.element}
      label={block.label?.text ?? ""}
      hint={block.hint?.text}
      complaint={pressing.complaints?.[block.block_id ?? ""]}
      optional={block.optional}
      tells={block.dispatch_action}
      {...pressing}
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
