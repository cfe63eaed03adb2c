using Gantry.Protocol.OpAmp;
using static Gantry.Conformance.Probe;

namespace Gantry.Conformance.Checks;

/// <summary>P: packages.</summary>
internal static class PackageChecks
{
    private const string Section = "Packages";

    public static IReadOnlyList<Check> All { get; } =
    [
        new("P1", Level.Must, "AgentCapabilities", "Packages are offered only to agents that accept them", static async probe =>
        {
            var (_, reply) = await probe.EnterAsync(Agent());
            True(reply.PackagesAvailable is null, "an agent that accepts none is offered some");
        }),
        Offered("P2", Level.Must, "all_packages_hash is set", static offer => offer.AllHash.Length > 0),
        Offered("P3", Level.Must, "An offer names packages; what it leaves out an agent deletes", static offer => offer.Packages.Count > 0),
        Offered("P4", Level.Should, "content_hash is a SHA-256", static offer => offer.Packages.TrueForAll(package => package.Value.File?.ContentHash.Length == 32)),
        Offered("P5", Level.Should, "Files can be had by HTTP", static offer => offer.Packages.TrueForAll(package => Uri.TryCreate(package.Value.File?.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")),
        new("P6", Level.Should, "PackageStatuses Message", "Statuses are kept, those of a download too", static async probe =>
        {
            var agent = Agent(TestAgent.Usual | AgentCapabilities.ReportsPackageStatuses);
            var (peer, reply) = await probe.EnterAsync(agent);
            Applies(reply.Capabilities.HasFlag(ServerCapabilities.AcceptsPackagesStatus), "the server does not advertise AcceptsPackagesStatus");
            var message = agent.Beat();
            message.PackageStatuses = new PackageStatuses();
            message.PackageStatuses.Packages.Add(new MapEntry<PackageStatus>("collector", new PackageStatus
            {
                Name = "collector", OfferedVersion = "2", OfferedHash = [1], State = PackageState.Downloading, Download = new PackageDownloadDetails { Percent = 40, BytesPerSecond = 1e6 },
            }));
            True((await peer.SayAsync(message)).Error is null, "they are refused");
            True((await probe.Control.LookAsync(agent.Uid))?.Packages.Contains("collector") == true, "they are not kept");
        }),
        new("P7", Level.Interop, "", "What the agent has, or failed to install, is not offered again", static async probe =>
        {
            var agent = Agent(TestAgent.Usual | AgentCapabilities.AcceptsPackages | AgentCapabilities.ReportsPackageStatuses);
            var (peer, reply) = await probe.EnterAsync(agent);
            var offer = NeedOffer(reply);
            var message = agent.Beat();
            message.PackageStatuses = new PackageStatuses { OfferedHash = offer.AllHash };
            True((await peer.SayAsync(message)).PackagesAvailable is null, "it is offered again");
        }),
    ];

    private static Check Offered(string id, Level level, string title, Predicate<PackagesAvailable> holds) => new(id, level, Section, title, async probe =>
    {
        var (_, reply) = await probe.EnterAsync(Agent(TestAgent.Usual | AgentCapabilities.AcceptsPackages | AgentCapabilities.ReportsPackageStatuses));
        True(holds(NeedOffer(reply)), "it is otherwise in the offer");
    });

    private static PackagesAvailable NeedOffer(ServerToAgent reply)
    {
        Applies(reply.Capabilities.HasFlag(ServerCapabilities.OffersPackages), "the server does not advertise OffersPackages");
        return reply.PackagesAvailable ?? throw new NotApplicableException("the server has no package for this agent");
    }
}
