// For clients that know no token: each request that they make has the one of TOKEN.
import http from "node:http";
import { register, syncBuiltinESMExports } from "node:module";
import { Agent, setGlobalDispatcher } from "undici";

const bearer = ["authorization", `Bearer ${process.env.TOKEN}`];
const named = (headers) =>
  Array.isArray(headers) ? [...headers, ...bearer] : { ...headers, [bearer[0]]: bearer[1] };
setGlobalDispatcher(
  new Agent().compose(
    (dispatch) => (options, handler) =>
      dispatch({ ...options, headers: named(options.headers) }, handler),
  ),
);

const plain = http.request;
http.request = (options, ...more) =>
  plain({ ...options, headers: named(options.headers) }, ...more);
syncBuiltinESMExports();

// The conformance suite imports a name that Node 20 does not have, for a command that is not used here.
if (!("globSync" in (await import("node:fs")))) {
  const fs = "export * from 'node:fs'; export const globSync = () => [];";
  const hooks = `export const resolve = (name, context, next) =>
    name === "fs" && context.parentURL.includes("/conformance/dist/")
      ? { url: ${JSON.stringify(`data:text/javascript,${encodeURIComponent(fs)}`)}, shortCircuit: true }
      : next(name, context);`;
  register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}
