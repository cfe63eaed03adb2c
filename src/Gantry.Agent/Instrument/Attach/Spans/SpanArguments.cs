using Gantry.Agent.Instrument.Attach.Ipc;

namespace Gantry.Agent.Instrument.Attach.Spans;

/// <summary>
/// What DiagnosticSourceEventSource is asked to write. It has one listener: the specification of the tool that came last holds.
/// <para>
/// A server span of .NET 8 to 10 says nothing of its request, so it is made of the event at the request's end, where the request and its activity can both be looked
/// into. That is one event for each request; the deprecated EndRequest is taken, as the newer HttpRequestIn.Stop is written only to those who take its Start too.
/// It does not come for a request that ended with an exception: that has an event of its own. The activity's duration is not known yet there; the
/// event's own time is its end.
/// </para>
/// <para>
/// "[AS]" lines are the activity sources: they make activities sampled, whose traceparent then goes out. For the server one line is needed although all is known from the
/// event at the end, and each makes an event; that of the start with nothing in it is the cheapest.
/// </para>
/// A property costs some hundred nanoseconds, so none is asked for that is not used. A query is never asked for: it holds secrets.
/// </summary>
internal static class SpanArguments
{
    public const string Provider = "Microsoft-Diagnostics-DiagnosticSource";
    public const string ServerSource = "Microsoft.AspNetCore";
    public const string ClientSource = "System.Net.Http";
    public const string RequestEnd = "Microsoft.AspNetCore.Hosting.EndRequest";
    public const string RequestFailed = "Microsoft.AspNetCore.Hosting.UnhandledException";

    private const ulong Events = 2;
    private const uint Informational = 4;

    private const string Activity = "i={0}Id;p={0}ParentSpanId;w={0}TraceStateString;b={0}StartTimeUtc.Ticks";

    private const string Request = "m=httpContext.Request.Method;u=httpContext.Request.Path;s=httpContext.Request.Scheme;h=httpContext.Request.Host.Value;"
        + "v=httpContext.Request.Protocol;c=httpContext.Response.StatusCode;r=httpContext.Request.RouteValues.*Enumerate";

    public static TracingProvider ToProvider()
    {
        var server = $"-{Activity.Replace("{0}", "*Activity.", StringComparison.Ordinal)};{Request}";
        var client = $"-{Activity.Replace("{0}", "", StringComparison.Ordinal)};d=Duration.Ticks;e=Status;n=DisplayName;a=TagObjects.*Enumerate";
        string[] lines =
        [
            $"{ServerSource}/{RequestEnd}:{server}", $"{ServerSource}/{RequestFailed}:{server}", $"[AS]{ServerSource}/Start:-", $"[AS]{ClientSource}/Stop:{client}",
        ];
        return new TracingProvider(Provider, Events, Informational, $"FilterAndPayloadSpecs=\"{string.Join('\n', lines)}\"");
    }
}
