using Gantry.Estate.Instrumentation;
using Gantry.Estate.Pipelines;

namespace Gantry.Estate.Configurations;

/// <summary>The configuration of Gantry's own agent: the plan of what to instrument, where there is one, and OBI's settings.</summary>
internal static class GantryCompiler
{
    public static IReadOnlyList<ConfigFile> Compile(List<Pipeline> pipelines, OriginList origins)
    {
        var own = pipelines.Where(static pipeline => pipeline.Type == PipelineType.Obi).ToList();
        var obi = ConfigCompiler.Text("obi", "text/yaml", SettingsCompiler.Obi(own, origins));
        var instrumentations = pipelines.Where(static pipeline => pipeline.Type == PipelineType.Instrumentation).ToList();
        if (instrumentations.Count == 0)
        {
            return [obi];
        }

        var plan = InstrumentationPlan.Of(instrumentations);
        if (own.Count > 0)
        {
            plan = plan with { ObiSettings = SettingsMerge.Of([.. own.Select(static pipeline => (pipeline.Resource, ((SettingsContents)pipeline.Contents).Settings))], "", new OriginList()) };
        }

        for (var i = 0; i < plan.Rules.Count; i++)
        {
            origins.Add($"rules[{i}]", "instrumentations/" + plan.Rules[i].Name.Split('/')[0], 0);
        }

        return [new ConfigFile(InstrumentationPlanJson.FileName, InstrumentationPlanJson.ContentType, InstrumentationPlanJson.Write(plan)), obi];
    }
}
