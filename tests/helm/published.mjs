// Reads {objects: […], queries: […]} and says what published parts have against them:
// the schemas of the operators' own kinds, and Prometheus's own grammar.
import { readFileSync } from "node:fs";
import { parser } from "@prometheus-io/lezer-promql";

const PACKAGES = {
  "external-secrets.io": "external-secrets",
  "gateway.networking.k8s.io": "gateway-api",
  "keda.sh": "keda",
  "monitoring.coreos.com": "prometheus-operator",
};

const given = JSON.parse(readFileSync(0, "utf8"));
const complaints = [];

for (const object of given.objects) {
  const [group, version] = object.apiVersion.split("/");
  try {
    const kinds = await import(`@kubernetes-models/${PACKAGES[group]}/${group}/${version}`);
    new kinds[object.kind](object).validate();
  } catch (error) {
    complaints.push(`${object.kind} ${object.metadata.name}: ${error.message}`);
  }
}

for (const query of given.queries) {
  parser.parse(query).iterate({
    enter(node) {
      if (node.type.isError) complaints.push(`${query}: not understood at ${node.from}`);
    },
  });
}

console.log(JSON.stringify(complaints));
