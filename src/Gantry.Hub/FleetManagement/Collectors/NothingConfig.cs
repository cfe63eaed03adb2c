using System.Security.Cryptography;
using System.Text;
using Gantry.Estate.Agents;
using Gantry.Estate.Configurations;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>
/// Configurations that configure nothing, as comments: Alloy takes an empty text for no change at all, keeps what runs, and still reports it as applied.
/// Their texts and hashes never change, or every collector would load them again after an upgrade.
/// </summary>
internal static class NothingConfig
{
    /// <summary>For collectors that nothing is meant for.</summary>
    public static CompiledConfig Unassigned { get; } = Comment("Gantry: nothing is configured for this collector.");

    /// <summary>For collectors that an operator switched off.</summary>
    public static CompiledConfig Disabled { get; } = Comment("Gantry: remote configuration of this collector is switched off.");

    private static CompiledConfig Comment(string text)
    {
        var body = Encoding.UTF8.GetBytes($"// {text}\n");
        return new CompiledConfig(Convert.ToHexStringLower(SHA256.HashData(body)), AgentKind.Alloy, [new ConfigFile("", "text/plain", body)], []);
    }
}
