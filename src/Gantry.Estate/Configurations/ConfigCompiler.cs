using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gantry.Estate.Agents;
using Gantry.Estate.Pipelines;

namespace Gantry.Estate.Configurations;

/// <summary>What a configuration is made from, for agents of one kind.</summary>
/// <param name="Pipelines">That match, in any order.</param>
/// <param name="Destination">By name; null where there is none.</param>
/// <param name="Attributes">Values of the attributes that pipelines inject, by name.</param>
/// <param name="NewNames">Components are called by the newest names of their types where a rename is known.</param>
public sealed record CompileInput(AgentKind Kind, IReadOnlyList<Pipeline> Pipelines, Func<string, Destination?> Destination, IReadOnlyDictionary<string, string> Attributes, bool NewNames);

/// <summary>A pipeline that could not be part of a configuration, and why.</summary>
public sealed record CompileProblem(string Resource, int Line, string Message);

/// <param name="Problems">Pipelines that were left out; with any the configuration is not what the estate says.</param>
public sealed record CompileOutcome(CompiledConfig Config, IReadOnlyList<CompileProblem> Problems);

/// <summary>Makes one finished configuration of pipelines. Pure: the same input gives the same bytes, whatever order it comes in.</summary>
public static class ConfigCompiler
{
    private const string Head = "Made by Gantry; what is changed here is overwritten.";

    public static CompileOutcome Compile(CompileInput input)
    {
        var problems = new List<CompileProblem>();
        var origins = new OriginList();
        var pipelines = Pipeline.InOrder(input.Pipelines.Where(pipeline => pipeline.Kind == input.Kind && pipeline.Enabled)).ToList();
        IReadOnlyList<ConfigFile> files = input.Kind switch
        {
            AgentKind.Collector => [Text("", "text/yaml", CollectorCompiler.Compile(pipelines, input, origins, problems))],
            AgentKind.Alloy => [Text("", "text/plain", AlloyCompiler.Compile(pipelines, input, origins, problems))],
            AgentKind.Sdk => SettingsCompiler.Sdk(pipelines, origins),
            _ => GantryCompiler.Compile(pipelines, origins),
        };
        return new CompileOutcome(new CompiledConfig(HashOf(files), input.Kind, files, origins.All), problems);
    }

    /// <summary>SHA-256 over names, content types and bodies, each with its length before it.</summary>
    public static string HashOf(IEnumerable<ConfigFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            Add(hash, Encoding.UTF8.GetBytes(file.Name));
            Add(hash, Encoding.UTF8.GetBytes(file.ContentType));
            Add(hash, file.Body.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The first lines of a file whose syntax has comments.</summary>
    internal static string HeadOf(IReadOnlyList<Pipeline> pipelines, string sign) => pipelines.Count == 0
        ? $"{sign} {Head}\n{sign} No pipeline matches this agent.\n"
        : $"{sign} {Head}\n{sign} Pipelines: {string.Join(", ", pipelines.Select(pipeline => pipeline.Name))}\n";

    internal static ConfigFile Text(string name, string type, string text) => new(name, type, Encoding.UTF8.GetBytes(text));

    private static void Add(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
