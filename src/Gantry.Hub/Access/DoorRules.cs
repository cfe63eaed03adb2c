namespace Gantry.Hub.Access;

/// <summary>Who may use a door.</summary>
internal enum Need
{
    /// <summary>Anyone: signs of life, the login page and what it is drawn with.</summary>
    Nothing,
    Viewer,
    Operator,
    Admin,

    /// <summary>An agent, also one that enrols.</summary>
    Agent,
    Gateway,

    /// <summary>A gateway, or a person who looks.</summary>
    GatewayOrViewer,

    /// <summary>A machine that fetches what was made for it, or a person who looks.</summary>
    MachineOrViewer,

    /// <summary>Only with an enrolment token.</summary>
    Enrolment,

    /// <summary>Whoever has a token of their own.</summary>
    Anyone,
}

/// <summary>
/// What each door asks for, by its path, in one table: a door that is not in it is a page or an API that people use, so it asks for a viewer to read and an
/// operator to change. Nothing is open by having been forgotten.
/// </summary>
internal static class DoorRules
{
    public const string Login = "/login";
    public const string Logout = "/logout";
    public const string Enrol = "/api/v1/access/enrol";
    public const string Rotate = "/api/v1/access/rotate";
    public const string WhoAmI = "/api/v1/access";

    private const string Collectors = "collector.v1.CollectorService";
    private const string Pipelines = "pipeline.v1.PipelineService";

    /// <summary>What a collector asks itself (Grafana Fleet Management, collector.v1); the rest of that service is for people.</summary>
    private static readonly string[] OfCollectors = ["GetConfig", "RegisterCollector", "UnregisterCollector"];

    public static Need Of(string method, PathString path)
    {
        var text = path.Value ?? "/";
        var reads = HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
        // That door looks at every path first, so its rule comes first too.
        if ((Procedure(text, Collectors) ?? Procedure(text, Pipelines)) is { } called)
        {
            return Procedure(text, Collectors) is not null && OfCollectors.Contains(called) ? Need.Agent : OfPeople(called);
        }

        // Routes take either case and a slash at the end; a rule that did not would be no rule.
        return text.TrimEnd('/').ToLowerInvariant() switch
        {
            "/healthz" or "/readyz" or Login or Logout => Need.Nothing,
            "/theme" => Need.Viewer,
            "/v1/opamp" => Need.Agent,
            "/api/v1/observations" => Need.Gateway,
            "/api/v1/sampling/active" => Need.GatewayOrViewer,
            Enrol => Need.Enrolment,
            Rotate => Need.Anyone,
            WhoAmI => Need.Anyone,
            "/api/v1/audit" or "/audit" => Need.Operator,
            _ when path.StartsWithSegments("/api/v1/access") => Need.Admin,
            _ when text.StartsWith("/_ui/", StringComparison.Ordinal) => Need.Nothing,
            _ when path.StartsWithSegments("/bundles") && reads => Need.MachineOrViewer,
            _ => reads ? Need.Viewer : Need.Operator,
        };
    }

    public static bool Allows(Need need, Role role) => need switch
    {
        Need.Nothing => true,
        Need.Viewer => role is Role.Viewer or Role.Operator or Role.Admin,
        Need.Operator => role is Role.Operator or Role.Admin,
        Need.Admin => role is Role.Admin,
        Need.Agent => role is Role.Agent or Role.Enrolment,
        Need.Gateway => role is Role.Gateway,
        Need.GatewayOrViewer => role is Role.Gateway or Role.Viewer or Role.Operator or Role.Admin,
        Need.MachineOrViewer => role is not Role.Enrolment,
        Need.Enrolment => role is Role.Enrolment,
        Need.Anyone => true,
        _ => false,
    };

    /// <summary>For the message that refuses.</summary>
    public static string Words(Need need) => need switch
    {
        Need.Viewer => "the role viewer, operator or admin",
        Need.Operator => "the role operator or admin",
        Need.Admin => "the role admin",
        Need.Agent => "a token of an agent, or an enrolment token",
        Need.Gateway => "a token of a gateway",
        Need.GatewayOrViewer => "a token of a gateway, or the role viewer",
        Need.MachineOrViewer => "a token of an agent or a gateway, or the role viewer",
        Need.Enrolment => "an enrolment token",
        _ => "a token",
    };

    /// <summary>Connect sends everything as POST; what only reads says so by its name.</summary>
    private static Need OfPeople(string procedure) =>
        procedure.StartsWith("Get", StringComparison.Ordinal) || procedure.StartsWith("List", StringComparison.Ordinal) ? Need.Viewer : Need.Operator;

    /// <summary>By the end of the path, as that door finds its methods: a base URL may have anything before them.</summary>
    private static string? Procedure(string path, string service)
    {
        var last = path.LastIndexOf('/');
        var before = last > 0 ? path.LastIndexOf('/', last - 1) : -1;
        return before >= 0 && path.AsSpan(before + 1, last - before - 1).SequenceEqual(service) ? path[(last + 1)..] : null;
    }

    public static bool IsConnect(PathString path) => path.Value is { } text && (Procedure(text, Collectors) ?? Procedure(text, Pipelines)) is not null;
}
