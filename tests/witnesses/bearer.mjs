// For clients that know no token: each request that they make has the one of TOKEN.
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
