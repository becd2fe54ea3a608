// What the server tells (seen.py), and the parts of Block Kit that are drawn.

export interface Text {
  type: "plain_text" | "mrkdwn";
  text: string;
}
export interface Option {
  text: Text;
  value: string;
  description?: Text;
}
export interface Element {
  type: string;
  action_id?: string;
  text?: Text;
  value?: string;
  style?: "primary" | "danger";
  url?: string;
  accessibility_label?: string;
  placeholder?: Text;
  multiline?: boolean;
  max_length?: number;
  options?: Option[];
  initial_option?: Option;
  initial_conversation?: string;
  min_query_length?: number;
  image_url?: string;
  alt_text?: string;
}
export interface RichText {
  type: string;
  text?: string;
  url?: string;
  user_id?: string;
  timestamp?: number;
  format?: string;
  fallback?: string;
  offset?: number;
  style?: string | { bold?: boolean; italic?: boolean; strike?: boolean; code?: boolean };
  elements?: RichText[];
}
export interface Cell {
  type: string;
  text?: string;
  value?: number;
  elements?: RichText[];
}
export interface Point {
  label: string;
  value: number;
}
export interface Chart {
  type: "bar" | "line" | "area" | "pie";
  series?: { name: string; data: Point[] }[];
  segments?: Point[];
  axis_config?: { categories?: string[]; x_label?: string; y_label?: string };
}
export interface Block {
  type: string;
  block_id?: string;
  text?: Text;
  fields?: Text[];
  accessory?: Element;
  elements?: unknown[];
  label?: Text;
  hint?: Text;
  element?: Element;
  optional?: boolean;
  dispatch_action?: boolean;
  caption?: string;
  rows?: Cell[][];
  page_size?: number;
  row_header_column_index?: number;
  title?: string | Text;
  chart?: Chart;
  image_url?: string;
  alt_text?: string;
}
export interface View {
  type: string;
  id?: string;
  title?: Text;
  submit?: Text;
  close?: Text;
  blocks: Block[];
}
export interface File {
  id: string;
  name: string;
  size: number;
}
export interface Message {
  ts: string;
  channel: string;
  user: string;
  text: string;
  blocks: Block[];
  thread: string | null;
  alone: boolean;
  edited: boolean;
  files: File[];
}
export interface Channel {
  id: string;
  name: string;
  kind: "channel" | "direct";
  with_bot: boolean;
}
export interface AwsFunction {
  name: string;
  runtime: string;
  layers: string[];
  wrapper: string | null;
  org: string | null;
  filters: number;
  ours: boolean;
  invoked_at: number | null;
}
export interface Aws {
  functions: AwsFunction[];
  stacks: { status: string; created_at: number; deleted_at: number | null }[];
  slow: boolean;
  denied: boolean;
  /** Seconds until slsdiag checks what was deployed. */
  settle: number;
  /** Seconds until Dashboard repairs it; null: never. */
  repairs_after: number | null;
  /** Whether Dashboard's trail is logging. */
  trail: boolean;
  deployments: Record<string, string>;
  function_changes: Record<string, string>;
  account_changes: Record<string, string>;
}
export interface Seen {
  me: { user: string; name: string; zone: string; member: boolean };
  people: { user: string; label: string }[];
  names: Record<string, string>;
  bot: string;
  channels: Channel[];
  modal: View | null;
  home: View | null;
  aws: Aws;
  messages: Map<string, Message>;
}
