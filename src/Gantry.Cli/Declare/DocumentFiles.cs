using Gantry.Estate.Resources;
using Gantry.Hub.Estate;

namespace Gantry.Cli.Declare;

/// <summary>Resource documents of files, folders and standard input, all of them read before anything is done with one.</summary>
internal static class DocumentFiles
{
    public const string StandardInput = "-";

    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    /// <summary>With the whole text of each file, for a hub that names places in it.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<(IReadOnlyList<DocumentFile> Files, IReadOnlyList<ResourceDocument> Documents)> ReadWithFilesAsync(
        CliContext context, IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        var files = new List<DocumentFile>();
        return (files, await ReadAsync(context, paths, cancellation, files));
    }

    /// <param name="paths">Files, folders (every .yaml, .yml and .json in them and below, by name) or "-".</param>
    /// <exception cref="CommandFailure">Something cannot be read, or is wrong; every problem has been said.</exception>
    public static async Task<IReadOnlyList<ResourceDocument>> ReadAsync(
        CliContext context, IEnumerable<string> paths, CancellationToken cancellation, List<DocumentFile>? files = null)
    {
        var documents = new List<ResourceDocument>();
        var problems = new List<ResourceProblem>();
        foreach (var file in paths.SelectMany(FilesOf).Distinct())
        {
            var found = new ResourceProblems(file);
            var text = await TextAsync(context, file, cancellation);
            files?.Add(new DocumentFile(file, text));
            documents.AddRange(ResourceText.Read(text, found));
            problems.AddRange(found.All);
        }

        foreach (var twice in documents.GroupBy(document => (document.Kind, document.Name)).Where(group => group.Count() > 1).Select(group => group.Skip(1).First()))
        {
            problems.Add(new ResourceProblem(twice.File, twice.Line, 1, "metadata.name", twice.Name, $"is the name of another {twice.Kind.Kind} in these files; rename one of the two"));
        }

        if (problems.Count > 0)
        {
            foreach (var problem in problems)
            {
                context.Terminal.Note(problem.ToString());
            }

            throw new CommandFailure(problems.Count == 1 ? "1 problem; nothing was done" : $"{problems.Count} problems; nothing was done", ExitCodes.Refused);
        }

        return documents.Count > 0 ? documents : throw new CommandFailure($"there is no resource document in {string.Join(", ", paths)}", ExitCodes.Refused);
    }

    internal static IEnumerable<string> FilesOf(string path)
    {
        if (path == StandardInput || File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new CommandFailure($"-f {path}: there is no such file or folder");
        }

        var files = Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true })
            .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .ToList();
        return files.Count > 0 ? files : throw new CommandFailure($"-f {path}: no file in this folder ends in {string.Join(", ", Extensions)}");
    }

    internal static async Task<string> TextAsync(CliContext context, string file, CancellationToken cancellation)
    {
        try
        {
            // One character more than is read: a longer text is refused where it is parsed.
            var text = new char[ResourceDocument.LongestText + 1];
            if (file == StandardInput)
            {
                return new string(text, 0, await context.Input.ReadBlockAsync(text, cancellation));
            }

            using var reader = new StreamReader(file);
            return new string(text, 0, await reader.ReadBlockAsync(text, cancellation));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"-f {file}: cannot be read ({exception.Message.TrimEnd('.')})");
        }
    }
}
