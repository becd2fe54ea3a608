// A small app on the official JavaScript Bolt, unchanged, pointed at the fake Slack.
//
// MODE=socket|http; prints "ready PORT" (0 for Socket Mode) when it serves.
import bolt from "@slack/bolt";

const socket = process.env.MODE === "socket";
const app = new bolt.App({
  token: process.env.SLACK_BOT_TOKEN,
  signingSecret: process.env.SLACK_SIGNING_SECRET,
  socketMode: socket,
  appToken: socket ? process.env.SLACK_APP_TOKEN : undefined,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL, retryConfig: { retries: 0 } },
  logLevel: "error",
});

const button = (label) => [
  { type: "section", text: { type: "mrkdwn", text: `*${label}*` } },
  {
    type: "actions",
    elements: [
      { type: "button", action_id: "go", value: "1", text: { type: "plain_text", text: "Go" } },
    ],
  },
];

app.command("/witness", async ({ command, ack, respond, say }) => {
  await ack(`heard ${command.text}`);
  await respond({ text: `answered ${command.text}`, response_type: "ephemeral" });
  await say({ text: `posted ${command.text}`, blocks: button(command.text) });
});

app.action("go", async ({ ack, body, client, respond }) => {
  await ack();
  await client.chat.update({
    channel: body.channel.id,
    ts: body.message.ts,
    text: `clicked by ${body.user.id}`,
    blocks: [],
  });
  const told = await client.conversations.replies({
    channel: body.channel.id,
    ts: body.message.ts,
  });
  await respond({ text: `${told.messages.length} message`, replace_original: false });
});

app.event("app_mention", async ({ event, say, client }) => {
  const { user } = await client.users.info({ user: event.user });
  await say({ text: `${user.tz} it is`, thread_ts: event.thread_ts ?? event.ts });
});

const server = await app.start(socket ? undefined : { port: 0, host: "127.0.0.1" });
process.stdout.write(`ready ${socket ? 0 : server.address().port}\n`);
