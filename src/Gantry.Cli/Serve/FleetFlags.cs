using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Gantry.Cli.Verbs;
using Gantry.Hub.Fleet;
using Gantry.Hub.Fleet.Settings;

namespace Gantry.Cli.Serve;

/// <summary>The options about OpAMP and its agents: <c>hub</c> has all, <c>up</c> those that matter on one machine.</summary>
internal sealed class FleetFlags
{
    private const int UsualHeartbeat = 30;

    private static readonly string[] Parts = ["remote-config", "components", "custom-messages", "restart", "own-credentials", "certificates"];

    private readonly Option<int> _applyWithin = NumberOption.Create(
        "--apply-within", "Seconds after which an agent that was offered a configuration and says nothing counts as no-answer", "SECONDS", 120, 5, 86_400);

    private readonly Option<string[]> _without = new("--opamp-without")
    {
        Description = "Leave out a part of OpAMP, and do not advertise it; may be given several times. Custom messages, components and certificates are in development in its specification",
        HelpName = string.Join('|', Parts),
        DefaultValueFactory = _ => [],
    };

    private readonly Option<int> _heartbeat = NumberOption.Create(
        "--heartbeat", "Seconds between heartbeats, and between polls over plain HTTP, as agents are offered it", "SECONDS", UsualHeartbeat, 1, 3_600);

    private readonly Option<Uri?> _endpoint = Url("--opamp-endpoint", "Where agents are offered to connect, with /v1/opamp [default: the address that each came by]", "ws", "wss", "http", "https");

    private readonly Option<string?> _ca = new("--opamp-ca") { Description = "PEM file with the certificates that agents are offered to check the hub's with [default: those of their system]", HelpName = "FILE" };

    private readonly Option<Uri?> _own = Url("--own-telemetry", "OTLP/HTTP address that agents are offered for their own telemetry [default: none]", "http", "https");

    private readonly Option<bool> _approve = new("--approve-certificates") { Description = "Signing requests wait for gantry access agents approve UID; else those of enrolled agents are signed at once" };

    private readonly Option<Uri?> _hook = Url("--revocation-hook", "Is told by POST when an agent's credential is revoked [default: nobody is, and the audit log says so]", "http", "https");

    public FleetFlags() => _without.AcceptOnlyFromAmong(Parts);

    /// <summary>Of <c>gantry hub</c>.</summary>
    public IEnumerable<Option> All => [_heartbeat, _endpoint, _ca, _own, .. OfOneMachine, _approve, _hook];

    /// <summary>Of <c>gantry up</c>, which offers agents no settings.</summary>
    public IEnumerable<Option> OfOneMachine => [_applyWithin, _without];

    /// <summary>Of either; an option that the verb does not have has its default.</summary>
    /// <exception cref="CommandFailure">The file of <c>--opamp-ca</c> cannot be read, or holds no certificate.</exception>
    public FleetOptions Read(ParseResult parsed)
    {
        var without = parsed.GetValue(_without) ?? [];
        var features = new FleetFeatures
        {
            RemoteConfig = !without.Contains("remote-config"),
            AvailableComponents = !without.Contains("components"),
            CustomMessages = !without.Contains("custom-messages"),
            RestartCommand = !without.Contains("restart"),
            OwnCredentials = !without.Contains("own-credentials"),
            Certificates = !without.Contains("certificates"),
        };
        return new FleetOptions
        {
            Features = features,
            ApplyWithin = TimeSpan.FromSeconds(parsed.GetValue(_applyWithin)),
            ApprovesCertificates = parsed.GetValue(_approve),
            RevocationHook = parsed.GetValue(_hook),
            ConnectionSettings = Settings(parsed),
        };
    }

    private ConnectionSettingsConfig? Settings(ParseResult parsed)
    {
        var (heartbeat, endpoint, ca, own) = (parsed.GetValue(_heartbeat), parsed.GetValue(_endpoint), parsed.GetValue(_ca), parsed.GetValue(_own));
        if ((heartbeat is 0 or UsualHeartbeat) && endpoint is null && ca is null && own is null)
        {
            return null;
        }

        var settings = new ConnectionSettingsConfig
        {
            OpAmp = endpoint, HeartbeatSeconds = heartbeat == 0 ? UsualHeartbeat : heartbeat, OwnTelemetry = own, OpAmpCa = ca is null ? null : Certificates(ca),
        };
        return settings.Validate() is { Count: > 0 } problems ? throw new CommandFailure(string.Join("; ", problems)) : settings;
    }

    /// <summary>Certificates alone: a key that stands in the same file goes nowhere.</summary>
    private static string Certificates(string file)
    {
        try
        {
            var found = Regex.Matches(File.ReadAllText(file), "-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\\s]+-----END CERTIFICATE-----", RegexOptions.None, TimeSpan.FromSeconds(1));
            return found.Count > 0 ? string.Concat(found.Select(match => match.Value + "\n")) : throw new CommandFailure($"--opamp-ca {file}: no certificate in it; expected PEM");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"--opamp-ca {file}: cannot be read ({exception.Message})");
        }
    }

    private static Option<Uri?> Url(string name, string description, params string[] schemes) => new(name)
    {
        Description = description,
        HelpName = "URL",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme))
            {
                return uri;
            }

            result.AddError($"{name} '{text}': expected a URL with {string.Join(", ", schemes)}");
            return null;
        },
    };
}
