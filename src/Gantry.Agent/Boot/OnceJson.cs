using System.Text.Json;
using Gantry.Agent.Host;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Boot;

/// <summary>The sample as JSON, written by hand: a serializer would need reflection or generated code for these few names.</summary>
internal static class OnceJson
{
    public static void Write(Stream output, MetricBatch metrics, HostIdentity host, ProcessInventory inventory)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartObject("host");
        json.WriteString("id", host.Id);
        json.WriteString("name", host.Name);
        json.WriteString("arch", host.Architecture);
        json.WriteString("os", host.OsDescription);
        json.WriteEndObject();
        json.WriteStartArray("metrics");
        foreach (var point in metrics.Points)
        {
            WritePoint(json, point);
        }

        json.WriteEndArray();
        json.WriteStartArray("processes");
        foreach (var process in inventory.Processes)
        {
            WriteProcess(json, process);
        }

        json.WriteEndArray();
        json.WriteNumber("unreadable", inventory.Unreadable);
        json.WriteString("limits", inventory.Limits);
        json.WriteEndObject();
    }

    private static void WritePoint(Utf8JsonWriter json, in MetricPoint point)
    {
        json.WriteStartObject();
        json.WriteString("name", point.Metric.Name);
        json.WriteString("unit", point.Metric.Unit);
        json.WriteStartObject("attributes");
        foreach (var tag in (ReadOnlySpan<Tag>)[point.A, point.B, point.C, point.D, point.E])
        {
            if (tag.Key is not null)
            {
                json.WriteString(tag.Key, tag.Value);
            }
        }

        json.WriteEndObject();
        if (point.IsInteger)
        {
            json.WriteNumber("value", point.Integer);
        }
        else
        {
            json.WriteNumber("value", point.Number);
        }

        json.WriteEndObject();
    }

    private static void WriteProcess(Utf8JsonWriter json, ProcessFact process)
    {
        json.WriteStartObject();
        json.WriteNumber("pid", process.Pid);
        json.WriteNumber("parentPid", process.ParentPid);
        json.WriteNumber("startUnixNano", process.StartUnixNano);
        json.WriteString("name", process.DisplayName);
        json.WriteString("executable", process.Executable);
        json.WriteString("script", process.Script);
        json.WriteString("owner", process.Owner);
        json.WriteString("language", process.Language);
        json.WriteString("languageRule", process.LanguageRule);
        json.WriteString("runtimeVersion", process.RuntimeVersion);
        json.WriteStartArray("listening");
        foreach (var socket in process.Listening)
        {
            json.WriteStringValue($"{socket.Address}:{socket.Port}");
        }

        json.WriteEndArray();
        json.WriteString("unit", process.Unit);
        json.WriteString("containerId", process.ContainerId);
        json.WriteNumber("containerPid", process.ContainerPid);
        json.WriteString("declaredService", process.DeclaredService);
        json.WriteString("declaredNamespace", process.DeclaredNamespace);
        json.WriteString("libc", process.Libc);
        json.WriteBoolean("static", process.IsStatic);
        json.WriteBoolean("secureExec", process.IsSecureExec);
        json.WriteBoolean("nativeCode", process.IsNativeCode);
        json.WriteBoolean("diagnosticPort", process.HasDiagnosticPort);
        json.WriteString("podUid", process.PodUid);
        json.WriteStartArray("otherAgents");
        foreach (var agent in process.OtherAgents)
        {
            json.WriteStartObject();
            json.WriteString("name", agent.Name);
            json.WriteString("rule", agent.Rule);
            json.WriteBoolean("stopsInjection", agent.StopsInjection);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("unreadable", process.Unreadable);
        json.WriteEndObject();
    }
}
