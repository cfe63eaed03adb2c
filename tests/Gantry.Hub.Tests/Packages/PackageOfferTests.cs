using System.Net.Http.Json;
using Gantry.Hub.Estate;
using Gantry.Hub.Fleet.Views;
using Gantry.Hub.Tests.Pipelines;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Tests.Packages;

/// <summary>Declared packages, from the resource to the agent and back.</summary>
public class PackageOfferTests
{
    private const AgentCapabilities Accepts = AgentCapabilities.AcceptsPackages | AgentCapabilities.ReportsPackageStatuses;

    private readonly Guid _uid = Guid.CreateVersion7();
    private ulong _sequence;

    [Fact]
    public async Task An_agent_is_offered_all_that_match_once_and_again_when_they_change()
    {
        await using var hub = await HubFixture.StartAsync();
        await ApplyAsync(hub, Package("otelcol", "0.158.0"), Package("extra", "1", "  type: addon\n"), Package("other", "1", matchers: "env=stage"));

        var first = (await hub.SayAsync(Full(Accepts))).PackagesAvailable!;
        var unasked = (await hub.SayAsync(Beat())).PackagesAvailable;
        var installed = (await hub.SayAsync(Told(first.AllHash, PackageState.Installed))).PackagesAvailable;
        await ApplyAsync(hub, Package("otelcol", "0.159.0"));
        var second = await OfferAsync(hub);
        var failed = (await hub.SayAsync(Told(second.AllHash, PackageState.InstallFailed))).PackagesAvailable;
        var later = (await hub.SayAsync(Full(Accepts))).PackagesAvailable;

        Assert.Equal([("extra", PackageType.Addon, "1"), ("otelcol", PackageType.TopLevel, "0.158.0")], first.Packages.Select(entry => (entry.Name, entry.Value.Type, entry.Value.Version)));
        var file = first.Packages[1].Value.File!;
        Assert.Equal(("https://files.example/otelcol", 32), (file.Url, file.ContentHash.Length));
        Assert.Null(unasked);
        Assert.Null(installed);
        Assert.Equal(["1", "0.159.0"], second.Packages.Select(entry => entry.Value.Version));
        Assert.NotEqual(first.AllHash, second.AllHash);
        Assert.Null(failed);
        Assert.Null(later);
        var row = Assert.Single((await hub.GetAsync<AgentDetail>($"agents/{_uid}")).Packages);
        Assert.Equal(("otelcol", "InstallFailed", "no room"), (row.Name, row.State, row.Message));
    }

    [Fact]
    public async Task None_that_accepts_none_and_none_for_whom_nothing_is_declared_is_offered_any()
    {
        await using var hub = await HubFixture.StartAsync();
        await ApplyAsync(hub, Package("otelcol", "1"));

        Assert.Null((await hub.SayAsync(Full(AgentCapabilities.ReportsPackageStatuses))).PackagesAvailable);
        await ApplyAsync(hub, Package("otelcol", "1", matchers: "env=stage"));
        // It deletes what an offer leaves out, so it gets none rather than an empty one.
        Assert.Null((await hub.SayAsync(Full(Accepts))).PackagesAvailable);
    }

    private static string Package(string name, string version, string more = "", string matchers = "service.name=gantry-agent") =>
        Documents.Head("Package", name) + $"  matchers: ['{matchers}']\n  version: '{version}'\n  url: https://files.example/{name}\n  sha256: {new string('a', 64)}\n{more}";

    private static async Task ApplyAsync(HubFixture hub, params string[] documents)
    {
        using var response = await hub.Client.PostAsJsonAsync("/api/v1/apply", new ApplyRequest([.. documents.Select((text, i) => new DocumentFile($"{i}.yaml", text))]));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A change is told to the fleet by and by.</summary>
    private async Task<PackagesAvailable> OfferAsync(HubFixture hub) =>
        await Testing.Eventually.Get("an offer", async () => (await hub.SayAsync(Beat())).PackagesAvailable);

    private AgentToServer Full(AgentCapabilities capabilities)
    {
        var message = Reports.Agent(_uid, ++_sequence);
        message.Capabilities |= capabilities;
        return message;
    }

    private AgentToServer Beat() => new() { InstanceUid = _uid.ToByteArray(bigEndian: true), SequenceNum = ++_sequence };

    private AgentToServer Told(byte[] hash, PackageState state)
    {
        var message = Beat();
        message.PackageStatuses = new PackageStatuses { OfferedHash = hash };
        message.PackageStatuses.Packages.Add(new MapEntry<PackageStatus>("otelcol", new PackageStatus { Name = "otelcol", State = state, ErrorMessage = "no room" }));
        return message;
    }
}
