// JSON Schema of Slack's published block types, with the limits that their comments name.
//
//   node schema.mjs > blocks.schema.json
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createGenerator } from "ts-json-schema-generator";

const require = createRequire(import.meta.url);
const types = join(dirname(require.resolve("@slack/types")), "index.d.ts");
const generator = createGenerator({
  path: types,
  tsconfig: join(import.meta.dirname, "tsconfig.json"),
  type: "*",
  skipTypeCheck: true,
  additionalProperties: false,
});
const schema = generator.createSchema("*");

const LIMITS = [
  [/maximum length (?:for [\w` ]+ )?(?:is|of) (\d[\d,]*) characters/i, "maxLength"],
  [/maximum (?:of )?(\d+) (?:items|elements|options|cards|blocks|rows)/i, "maxItems"],
  [/maximum number of [\w` ]+ is (\d+)/i, "maxItems"],
];
let lifted = 0;

/** A limit on a text object is a limit on its text. */
function limit(property, name, value) {
  lifted += 1;
  if (name === "maxItems") property.maxItems = value;
  else if (resolved(property)?.type === "string") property.maxLength = value;
  else {
    const { description, ...rest } = property;
    for (const key of Object.keys(property)) delete property[key];
    Object.assign(property, {
      description,
      allOf: [rest, { properties: { text: { maxLength: value } } }],
    });
  }
}

function resolved(node) {
  let at = node;
  while (at?.$ref) at = schema.definitions[decodeURIComponent(at.$ref.split("/").pop())];
  return at;
}

function walk(node) {
  if (Array.isArray(node)) return node.forEach(walk);
  if (node === null || typeof node !== "object") return;
  for (const property of Object.values(node.properties ?? {})) {
    const said = (property?.description ?? "").replace(/\s+/g, " ");
    for (const [pattern, name] of LIMITS) {
      const found = said.match(pattern);
      const fits = (resolved(property)?.type === "array") === (name === "maxItems");
      if (found && fits) {
        limit(property, name, Number(found[1].replace(",", "")));
        break;
      }
    }
  }
  Object.values(node).forEach(walk);
}

walk(schema.definitions);
schema.description = `${lifted} limits`;
process.stdout.write(JSON.stringify(schema));
