using System.Net.Sockets;
using Gantry.Conformance.Checks;
using Gantry.Conformance.Clients;

namespace Gantry.Conformance;

/// <summary>All lines of the checklist, and how one is run.</summary>
public static class OpAmpSuite
{
    public const string Specification = "https://github.com/open-telemetry/opamp-spec/blob/v0.20.0/specification.md";

    // A check that stalls must not hold up the others.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>In the order of the checklist; ids are unique.</summary>
    public static IReadOnlyList<Check> All { get; } =
    [
        .. TransportChecks.All, .. StateChecks.All, .. IdentityChecks.All, .. ConfigChecks.All, .. SettingsChecks.All,
        .. HeartbeatChecks.All, .. PackageChecks.All, .. CustomChecks.All,
    ];

    /// <summary>Runs one line over one transport, with connections of its own. Does not throw.</summary>
    public static async Task<CheckResult> RunAsync(Check check, Uri url, Transport transport, string? token, IServerControl? control = null)
    {
        await using var probe = new Probe(url, transport, token, control ?? new NoControl());
        CheckResult Result(Verdict verdict, string detail) => new(check.Id, check.Level, check.Section, check.Title, transport, verdict, detail);
        try
        {
            await check.Run(probe).WaitAsync(Longest);
            return Result(Verdict.Pass, "");
        }
        catch (NotApplicableException reason)
        {
            return Result(Verdict.NotApplicable, reason.Message);
        }
        catch (CheckFailedException failure)
        {
            return Result(Verdict.Fail, failure.Message);
        }
        catch (RefusedException refused)
        {
            return Result(Verdict.Fail, $"the server refused the WebSocket: {refused.Message}");
        }
        catch (Exception error) when (error is SocketException or IOException or HttpRequestException or OperationCanceledException or TimeoutException)
        {
            return Result(Verdict.Fail, error.Message);
        }
    }

    private sealed class NoControl : IServerControl;
}
