// Calls tools with the official TypeScript client, which holds the answers to their schemas.
//
// node client.mjs COMMAND ARGUMENT…, or with ADDRESS and TOKEN set for a server that listens.
// CALLS is JSON: a list of [name, arguments]. Prints the tools and the results as JSON.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [command, ...args] = process.argv.slice(2);
const transport = command
  ? new StdioClientTransport({ command, args, env: process.env, stderr: "inherit" })
  : new StreamableHTTPClientTransport(new URL(process.env.ADDRESS), {
      requestInit: { headers: { Authorization: `Bearer ${process.env.TOKEN}` } },
    });
const client = new Client({ name: "witness", version: "1" });
await client.connect(transport);
const { tools } = await client.listTools();
const results = [];
for (const [name, given] of JSON.parse(process.env.CALLS)) {
  results.push(await client.callTool({ name, arguments: given }));
}
await client.close();
process.stdout.write(JSON.stringify({ tools, results }));
