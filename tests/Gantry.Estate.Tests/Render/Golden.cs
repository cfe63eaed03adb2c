using System.Text;
using Gantry.Estate.Methods;
using Gantry.Estate.Render;

namespace Gantry.Estate.Tests.Render;

/// <summary>
/// Files of what is rendered, with what is said beside it. When one differs, either the change is a mistake, or people who render again get something else: then run this
/// project with GANTRY_UPDATE_CONTRACTS=1, and read the difference as one of them would.
/// </summary>
internal static class Golden
{
    public const string Endpoint = "http://gateway.example:4318";

    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "Gantry.Estate.Tests", "Render", "Golden");

    public static string Input(string name) => Repository.Read($"tests/Gantry.Estate.Tests/Render/Inputs/{name}");

    public static MethodLanguage Language(string id) => MethodLanguages.Find(id)!;

    public static RenderOptions Options(string language) => new() { Language = Language(language), Endpoint = Endpoint, Attributes = new Dictionary<string, string> { ["team"] = "shop, and more" } };

    public static void Is(string name, Rendering rendering)
    {
        var text = new StringBuilder();
        foreach (var line in rendering.Notes.Select(note => "note: " + note).Concat(rendering.Problems.Select(problem => "problem: " + problem)))
        {
            text.Append(line).Append('\n');
        }

        text.Append("----\n").Append(rendering.Text);
        var path = Path.Combine(Folder, name + ".txt");
        if (Environment.GetEnvironmentVariable("GANTRY_UPDATE_CONTRACTS") == "1")
        {
            File.WriteAllText(path, text.ToString());
        }

        Assert.True(File.Exists(path), $"{path}: there is no such file; write it with GANTRY_UPDATE_CONTRACTS=1");
        Assert.Equal(File.ReadAllText(path), text.ToString());
    }
}
