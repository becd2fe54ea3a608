// Slack's mrkdwn as elements: mentions, dates, links, emphasis. Plain text is never parsed.
import type { ComponentChildren } from "preact";
import { useContext, useState } from "preact/hooks";
import { Stage } from "./stage";
import type { RichText, Text } from "./model";

const TOKEN = new RegExp(
  [
    "<([^<>\\n]+)>", // a mention, a date, a link
    "```([^]+?)```",
    "`([^`\\n]+)`",
    "(?<![\\w*])\\*(?! )([^*\\n]+?)(?<! )\\*(?![\\w*])",
    "(?<![\\w_])_(?! )([^_\\n]+?)(?<! )_(?![\\w_])",
    "(?<![\\w~])~(?! )([^~\\n]+?)(?<! )~(?![\\w~])",
  ].join("|"),
  "g",
);
/** The only addresses that Slack opens. */
export const WEB = /^(https?:\/\/|mailto:)/;
/** A message of this workspace: such a link leads there, within the page. */
const HERE = /^https:\/\/demo\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})$/;
const ENTITIES: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

export const decoded = (text: string) => text.replace(/&(?:lt|gt|amp);/g, (e) => ENTITIES[e] ?? e);

export function Said({ text }: { text: Text }) {
  return text.type === "mrkdwn" ? <Mrkdwn text={text.text} /> : <>{text.text}</>;
}

export function Mrkdwn({ text }: { text: string }) {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const found of text.matchAll(TOKEN)) {
    const [whole, angle, block, code, bold, italic, struck] = found;
    if (found.index > from) parts.push(decoded(text.slice(from, found.index)));
    from = found.index + whole.length;
    if (angle) parts.push(<Angle text={angle} />);
    else if (block) parts.push(<pre tabIndex={0}>{decoded(block.replace(/^\n/, ""))}</pre>);
    else if (code) parts.push(<code>{decoded(code)}</code>);
    else if (bold) parts.push(<strong><Mrkdwn text={bold} /></strong>);
    else if (italic) parts.push(<em><Mrkdwn text={italic} /></em>);
    else if (struck) parts.push(<s><Mrkdwn text={struck} /></s>);
  }
  parts.push(decoded(text.slice(from)));
  return <>{parts}</>;
}

function Angle({ text }: { text: string }) {
  const { seen } = useContext(Stage);
  const [target = "", label] = text.split(/\|(.*)/s);
  if (/^@[UW]/.test(target)) return <Mention user={target.slice(1)} />;
  if (target.startsWith("#")) {
    const channel = seen.channels.find((each) => each.id === target.slice(1));
    return <span class="mention">#{channel?.name ?? label ?? target.slice(1)}</span>;
  }
  if (target.startsWith("!date^")) {
    const [, seconds, format = "", link] = target.split("^");
    return <DateToken seconds={Number(seconds)} format={format} link={link} fallback={label} />;
  }
  if (target.startsWith("!")) return <span class="mention">@{target.slice(1)}</span>;
  return <Link url={target}>{decoded(label ?? target)}</Link>;
}

export function Link({ url, children }: { url: string; children: ComponentChildren }) {
  const address = decoded(url);
  if (!WEB.test(address)) return <>{children}</>;
  const [, channel, seconds, rest] = HERE.exec(address) ?? [];
  if (channel) return <a href={`#${channel}/${seconds}.${rest}`}>{children}</a>;
  return <Outside address={address}>{children}</Outside>;
}

/** A link that leads out of the demo is not opened: there is no such AWS account. It says where it leads. */
function Outside({ address, children }: { address: string; children: ComponentChildren }) {
  const [shown, show] = useState(false);
  return (
    <>
      <button type="button" class="outside" aria-expanded={shown} onClick={() => show(!shown)}>
        {children}
      </button>
      {shown && <Leads address={address} />}
    </>
  );
}

export function Leads({ address }: { address: string }) {
  return (
    <span role="status" class="leads">
      {" "}
      In Slack this opens {address}
    </span>
  );
}

export function Mention({ user }: { user: string }) {
  const { seen } = useContext(Stage);
  return <span class="mention">@{seen.names[user] ?? user}</span>;
}

interface DateTokenGiven {
  seconds: number;
  format: string;
  link?: string;
  fallback?: string;
}

function DateToken({ seconds, format, link, fallback }: DateTokenGiven) {
  const { seen } = useContext(Stage);
  const moment = new Date(seconds * 1000);
  if (Number.isNaN(moment.getTime())) return <>{decoded(fallback ?? "")}</>;
  const told = format.replace(/\{(\w+)\}/g, (_, name) => spelled(moment, name, seen.me.zone));
  const time = <time dateTime={moment.toISOString()}>{told}</time>;
  return link ? <Link url={link}>{time}</Link> : time;
}

const DAY: Record<string, Intl.DateTimeFormatOptions> = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};

/** One part of Slack's date tokens; "_pretty" says today, yesterday, tomorrow. */
export function spelled(moment: Date, name: string, timeZone: string): string {
  if (name === "ago") return ago(moment.getTime() / 1000);
  const plain = name.replace("_pretty", "");
  const day = (at: Date) => at.toLocaleDateString("en-CA", { timeZone });
  if (plain !== name) {
    for (const [offset, word] of [[0, "today"], [-1, "yesterday"], [1, "tomorrow"]] as const) {
      if (day(moment) === day(new Date(Date.now() + offset * 86_400_000))) return word;
    }
  }
  return moment.toLocaleString("en", { ...DAY[plain], timeZone });
}

/** "6 minutes ago"; of seconds since 1970. */
export function ago(seconds: number): string {
  const since = Math.max(0, Date.now() / 1000 - seconds);
  const [size, unit] =
    since < 90 ? ([1, "second"] as const)
    : since < 5400 ? ([60, "minute"] as const)
    : since < 129_600 ? ([3600, "hour"] as const)
    : ([86_400, "day"] as const);
  return new Intl.RelativeTimeFormat("en").format(-Math.round(since / size), unit);
}

export function Rich({ parts }: { parts: RichText[] }) {
  return (
    <>
      {parts.map((part) => {
        switch (part.type) {
          case "rich_text_preformatted":
            return <pre tabIndex={0}><Rich parts={part.elements ?? []} /></pre>;
          case "rich_text_quote":
            return <blockquote><Rich parts={part.elements ?? []} /></blockquote>;
          case "rich_text_list": {
            const items = (part.elements ?? []).map((item) => (
              <li><Rich parts={item.elements ?? []} /></li>
            ));
            const start = (part.offset ?? 0) + 1;
            return part.style === "ordered" ? <ol start={start}>{items}</ol> : <ul>{items}</ul>;
          }
          case "rich_text_section":
            return <p><Rich parts={part.elements ?? []} /></p>;
          case "user":
            return <Mention user={part.user_id ?? ""} />;
          case "link":
            return <Link url={part.url ?? ""}>{part.text ?? part.url}</Link>;
          case "date":
            return (
              <DateToken
                seconds={part.timestamp ?? NaN}
                format={part.format ?? ""}
                link={part.url}
                fallback={part.fallback}
              />
            );
          case "text":
            return <Styled part={part} />;
          default:
            return <Unsupported what={part.type} />;
        }
      })}
    </>
  );
}

function Styled({ part }: { part: RichText }) {
  const style = typeof part.style === "object" ? part.style : {};
  let said: ComponentChildren = part.text;
  if (style.code) said = <code>{said}</code>;
  if (style.bold) said = <strong>{said}</strong>;
  if (style.italic) said = <em>{said}</em>;
  if (style.strike) said = <s>{said}</s>;
  return <>{said}</>;
}

export function Unsupported({ what }: { what: string }) {
  return <span class="unsupported">(unsupported: {what})</span>;
}
