using Gantry.Protocol.OpAmp;
using static Gantry.Conformance.Probe;

namespace Gantry.Conformance.Checks;

/// <summary>K, A, X: custom messages, available components, commands.</summary>
internal static class CustomChecks
{
    private const string Custom = "Custom Messages";
    private const string Components = "AvailableComponents Message";
    private const string Command = "ServerToAgentCommand Message";

    private const AgentCapabilities Listing = TestAgent.Usual | AgentCapabilities.ReportsAvailableComponents;

    public static IReadOnlyList<Check> All { get; } =
    [
        new("K1", Level.Should, Custom, "The server names its custom capabilities once, and not with every answer", static async probe =>
        {
            var agent = Agent();
            var (peer, first) = await probe.EnterAsync(agent);
            Applies(first.CustomCapabilities is not null, "the server names none");
            True((await peer.SayAsync(agent.Beat())).CustomCapabilities is null, "it repeats them");
        }),
        new("K2", Level.Must, Custom, "No custom message of a capability that the agent did not name", static async probe =>
        {
            var agent = Agent();
            var (peer, reply) = await probe.EnterAsync(agent);
            True(reply.CustomMessage is null, $"it sends one of {reply.CustomMessage?.Capability}");
            await probe.SilenceAsync(peer);
        }),
        new("K3", Level.Must, Custom, "A custom message of an unknown capability is passed over", static async probe =>
        {
            var agent = Agent();
            var (peer, _) = await probe.EnterAsync(agent);
            var message = agent.Beat();
            message.CustomCapabilities = new CustomCapabilities { Names = ["io.gantry.conformance/1"] };
            message.CustomMessage = new CustomMessage { Capability = "io.gantry.conformance/1", Type = "hello", Data = [1, 2, 3] };
            var reply = await peer.SayAsync(message);
            True(reply is { Error: null, CustomMessage: null }, Says(reply));
            True((await peer.SayAsync(agent.Beat())).Error is null, "what comes after it is refused");
        }),
        new("A1", Level.Should, Components, "A hash of components that is new is asked for, once", static async probe =>
        {
            var agent = Agent(Listing);
            var hash = Guid.NewGuid().ToByteArray();
            var peer = await probe.ConnectAsync();
            var reply = await peer.SayAsync(With(agent.Full(), hash));
            True(reply.Flags.HasFlag(ServerToAgentFlags.ReportAvailableComponents), Says(reply));
            True(!(await peer.SayAsync(agent.Beat())).Flags.HasFlag(ServerToAgentFlags.ReportAvailableComponents), "asked again at once");
        }),
        new("A2", Level.Interop, "", "A hash that is known is not asked for", static async probe =>
        {
            var agent = Agent(Listing);
            var hash = Guid.NewGuid().ToByteArray();
            var peer = await probe.ConnectAsync();
            await peer.SayAsync(With(agent.Full(), hash));
            await peer.SayAsync(With(agent.Beat(), hash, "otlp"));
            True((await peer.SayAsync(With(agent.Beat(), hash))).Flags == ServerToAgentFlags.None, "it is asked for again");
        }),
        new("A3", Level.Interop, "", "What one agent told of its build counts for all with that hash", static async probe =>
        {
            var hash = Guid.NewGuid().ToByteArray();
            var first = Agent(Listing);
            var peer = await probe.ConnectAsync();
            await peer.SayAsync(With(first.Full(), hash, "otlp"));
            var second = Agent(Listing);
            var other = await probe.ConnectAsync();
            True((await other.SayAsync(With(second.Full(), hash))).Flags == ServerToAgentFlags.None, "the second is asked");
        }),
        new("A4", Level.Interop, "", "The server knows which components the agent's build has", static async probe =>
        {
            var agent = Agent(Listing);
            var peer = await probe.ConnectAsync();
            await peer.SayAsync(With(agent.Full(), Guid.NewGuid().ToByteArray(), "otlp"));
            var seen = await probe.Control.LookAsync(agent.Uid);
            True(seen?.Components.Contains("receivers/otlp") == true, $"it knows {string.Join(", ", seen?.Components ?? [])}");
        }),
        new("X1", Level.Must, "AgentCapabilities", "The restart command goes only to agents that accept it", static async probe =>
        {
            var agent = Agent();
            var (peer, _) = await probe.EnterAsync(agent);
            await probe.Control.RestartAgentAsync(agent.Uid);
            await probe.SilenceAsync(peer);
            True((await peer.SayAsync(agent.Beat())).Command is null, "it is told to restart");
        }),
        new("X2", Level.Must, Command, "A command travels with uid and capabilities, and nothing else", static async probe =>
        {
            var agent = Agent(TestAgent.Usual | AgentCapabilities.AcceptsRestartCommand);
            var (peer, _) = await probe.EnterAsync(agent);
            True(await probe.Control.RestartAgentAsync(agent.Uid), "the server refuses to tell it");
            var told = await probe.HearAsync(peer, agent);
            True(told?.Command is { Type: CommandType.Restart }, told is null ? "nothing comes" : Says(told));
            True(told is { RemoteConfig: null, ConnectionSettings: null, PackagesAvailable: null, Flags: ServerToAgentFlags.None, Identification: null, CustomCapabilities: null, CustomMessage: null }, Says(told!));
        }),
    ];

    private static AgentToServer With(AgentToServer message, byte[] hash, string? receiver = null)
    {
        message.AvailableComponents = new AvailableComponents { Hash = hash };
        if (receiver is not null)
        {
            message.AvailableComponents.Components.Add(new MapEntry<ComponentDetails>("receivers", new ComponentDetails { Parts = { new MapEntry<ComponentDetails>(receiver, new ComponentDetails()) } }));
        }

        return message;
    }
}
