using Gantry.Protocol.Inventory;

namespace Gantry.Estate.Methods;

/// <summary>A requirement and what is known when it is checked.</summary>
/// <param name="Agent">Null where an agent can be put into the process; else why not.</param>
/// <param name="Spans">Null where something makes spans of it; else why not.</param>
internal sealed record RequirementContext(ProcessTraits Traits, MethodRefusal? Agent, MethodRefusal? Spans);

/// <summary>How a kind of requirement is checked, and what is said when it does not hold.</summary>
/// <param name="Holds">Null: what it asks for is not known.</param>
/// <param name="Needs">What is asked for, as the end of "not checked: …".</param>
/// <param name="Message">Why it does not hold, and what would change that.</param>
internal sealed record RequirementRule(
    RequirementKind Kind,
    Func<RequirementContext, string> Reason,
    Func<RequirementContext, string, bool?> Holds,
    Func<string, string> Needs,
    Func<RequirementContext, string, string> Message);

/// <summary>All kinds of requirements, in the order in which they are told: what cannot be changed first.</summary>
internal static class RequirementRules
{
    private static readonly RequirementRule[] All =
    [
        new(
            RequirementKind.Runtime, _ => InstrumentationReasons.NativeCode, (context, _) => !context.Traits.IsNativeCode, _ => "that it is not compiled ahead of time",
            (_, _) => "It is compiled ahead of time, so no agent can be loaded into it; build it for the runtime, put the SDK into its code, or look at it from outside."),
        new(
            RequirementKind.RuntimeVersion, _ => InstrumentationReasons.UnsupportedVersion, (context, range) => Version(context.Traits, range), range => $"that the runtime's version is {range}",
            (context, range) => $"Its runtime is {context.Traits.Language?.Title} {context.Traits.RuntimeVersion}; {range} is needed. Run it on such a version."),
        new(
            RequirementKind.Loader, _ => InstrumentationReasons.StaticBinary, (context, _) => !context.Traits.IsStatic, _ => "that it is not linked statically",
            (_, _) => "It is linked statically and has no loader, so nothing can be preloaded into it; link it dynamically, or set the variables of its runtime instead."),
        new(
            RequirementKind.Libc, _ => InstrumentationReasons.Libc, (context, libc) => context.Traits.Libc is { } known ? known == libc : null, libc => $"that its C library is {libc}",
            (context, libc) => $"Its C library is {context.Traits.Libc}, and the files of this method are built for {libc}; run it on an image with {libc}, or take the files built for {context.Traits.Libc}."),
        new(
            RequirementKind.Architecture, _ => InstrumentationReasons.UnsupportedVersion, (context, wanted) => context.Traits.Architecture is { } known ? known == wanted : null,
            wanted => $"that its architecture is {wanted}",
            (context, wanted) => $"Its architecture is {context.Traits.Architecture}, and this method exists for {wanted} only; run it there."),
        new(
            RequirementKind.PlainExec, _ => InstrumentationReasons.SecureExec, (context, _) => !context.Traits.IsSecureExec, _ => "that it does not run with raised rights",
            (_, _) => "The kernel runs it with raised rights (setuid, or file capabilities), so its loader ignores what is preloaded; take those rights from the file, and give them to its unit."),
        new(
            RequirementKind.Alone, _ => InstrumentationReasons.OtherAgent, (context, _) => context.Traits.OtherAgents is { } others ? others.Count == 0 : null, _ => "that no other agent is in it",
            (context, _) => $"{string.Join(" and ", context.Traits.OtherAgents!)} is in it already, and a second agent would fight with it; take the first one out, or leave it and send its telemetry here."),
        new(
            RequirementKind.OnHost, _ => InstrumentationReasons.Container, (context, _) => !context.Traits.IsInContainer, _ => "that it is in no container",
            (_, _) => "It is in a container, which files of the host do not reach; put the agent into its image (`gantry render dockerfile`) or into its pod or task."),
        new(
            RequirementKind.Unit, _ => InstrumentationReasons.Host, (context, _) => context.Traits.HasUnit, _ => "that systemd starts it",
            (_, _) => "No systemd unit starts it, so no drop-in can set its environment; run it as a service."),
        new(
            RequirementKind.DiagnosticPort, _ => InstrumentationReasons.Host, (context, _) => context.Traits.HasDiagnosticPort, _ => "that its diagnostic port is open",
            (_, _) => "Its runtime shows no diagnostic port; take DOTNET_EnableDiagnostics=0 out of its environment, or let the agent see its temporary folder."),
        new(
            RequirementKind.Agent, context => context.Agent!.Reason, (context, _) => context.Agent is null, _ => "",
            (context, _) => $"It comes from an agent in the process, and none can be put there. {context.Agent!.Message}"),
        new(
            RequirementKind.Spans, context => context.Spans!.Reason, (context, _) => context.Spans is null, _ => "",
            (context, _) => $"It is counted from spans, and nothing makes any. {context.Spans!.Message}"),
    ];

    public static RequirementRule Of(RequirementKind kind) => Array.Find(All, rule => rule.Kind == kind)!;

    /// <summary>Its place in what is told.</summary>
    public static int OrderOf(RequirementKind kind) => Array.FindIndex(All, rule => rule.Kind == kind);

    private static bool? Version(ProcessTraits traits, string range) =>
        VersionRange.Contains(range, traits.Language?.Id == "java" ? VersionRange.WithoutJavasOne(traits.RuntimeVersion) : traits.RuntimeVersion);
}
