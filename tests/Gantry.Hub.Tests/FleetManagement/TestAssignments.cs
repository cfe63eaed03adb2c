using System.Security.Cryptography;
using System.Text;
using Gantry.Estate.Agents;
using Gantry.Estate.Configurations;
using Gantry.Hub.Rollouts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Hub.Tests.FleetManagement;

/// <summary>Gives every collector what the test says, and remembers who asked.</summary>
internal sealed class TestAssignments : IAssignments
{
    public event Action? Changed;

    /// <summary>Alloy text for an agent; null: it is left alone.</summary>
    public Func<AgentFacts, string?> Content { get; set; } = static _ => null;

    public AgentFacts? LastAsked { get; private set; }

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public Assignment? Of(AgentFacts agent)
    {
        LastAsked = agent;
        return Content(agent) is { } text
            ? new Assignment("all", 1, new CompiledConfig(HashOf(text), AgentKind.Alloy, [new ConfigFile("", "text/plain", Encoding.UTF8.GetBytes(text))], []))
            : null;
    }

    public void Set(string? text)
    {
        Content = _ => text;
        Changed?.Invoke();
    }

    public Task<HubFixture> StartHubAsync(string? folder = null, FakeTimeProvider? time = null, string? database = null) =>
        HubFixture.StartAsync(folder, time, database, services => services.AddSingleton<IAssignments>(this));
}
