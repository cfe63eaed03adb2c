using System.Runtime.CompilerServices;
using System.Text;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;
using Gantry.Protocol.FleetManagement;
using YamlDotNet.Core.Events;

namespace Gantry.Hub.FleetManagement.Pipelines;

/// <summary>What the contract shows of a document as it was written: contents with their comments, matchers in their own spelling, metadata.</summary>
internal sealed record PipelineParts(string Contents, IReadOnlyList<string> Matchers, Struct? Metadata)
{
    /// <summary>The estate has no place for a tool's own notes; they travel in a comment at the top of the document.</summary>
    public const string MetadataComment = "# fleet-management metadata: ";

    private static readonly ConditionalWeakTable<ResourceDocument, PipelineParts> Read = [];

    /// <summary>Read once a document.</summary>
    public static PipelineParts Of(ResourceDocument document) => Read.GetValue(document, static read => Of(read.Text));

    /// <param name="text">Of a document that was found sound.</param>
    private static PipelineParts Of(string text)
    {
        var events = new YamlEvents(text);
        // The begin of the document, and of its mapping.
        events.MoveNext();
        events.MoveNext();
        var (contents, matchers) = ("", new List<string>());
        while (events.Current is Scalar key)
        {
            events.MoveNext();
            if (key.Value != "spec" || events.Current is not MappingStart)
            {
                Skip(events);
                continue;
            }

            events.MoveNext();
            while (events.Current is Scalar field)
            {
                events.MoveNext();
                if (field.Value == "contents")
                {
                    contents = ContentsAt(events, text);
                }
                else if (field.Value == "matchers" && events.Current is SequenceStart)
                {
                    events.MoveNext();
                    for (; events.Current is Scalar matcher; events.MoveNext())
                    {
                        matchers.Add(matcher.Value);
                    }

                    events.MoveNext();
                }
                else
                {
                    Skip(events);
                }
            }

            events.MoveNext();
        }

        return new PipelineParts(contents, matchers, MetadataOf(text));
    }

    /// <summary>Text as it is; a mapping that stands inline as the lines that it was written in, moved to the left.</summary>
    private static string ContentsAt(YamlEvents events, string text)
    {
        var start = events.Current!.Start;
        if (events.Current is Scalar scalar)
        {
            events.MoveNext();
            return scalar.Value;
        }

        var end = Skip(events);
        var indent = (int)start.Column - 1;
        var lines = text[(int)start.Index..end].Split('\n').Select((line, i) => i == 0 ? line : line[Math.Min(indent, line.Length - line.TrimStart(' ').Length)..]);
        return string.Join('\n', lines) + "\n";
    }

    /// <summary>Passes over one value.</summary>
    /// <returns>Where it ends in the text.</returns>
    private static int Skip(YamlEvents events)
    {
        var (open, end) = (new Stack<bool>(), 0);
        do
        {
            // The end of a block is told where the next thing begins, so what is inside counts; that of a bracket is told before the bracket.
            switch (events.Current)
            {
                case SequenceStart sequence:
                    open.Push(sequence.Style == SequenceStyle.Flow);
                    break;
                case MappingStart mapping:
                    open.Push(mapping.Style == MappingStyle.Flow);
                    break;
                case SequenceEnd or MappingEnd:
                    end = open.Pop() ? (int)events.Current.Start.Index + 1 : end;
                    break;
                default:
                    end = (int)events.Current!.End.Index;
                    break;
            }

            events.MoveNext();
        }
        while (open.Count > 0);
        return end;
    }

    private static Struct? MetadataOf(string text)
    {
        var line = text.StartsWith(MetadataComment, StringComparison.Ordinal) ? text[MetadataComment.Length..].Split('\n', 2)[0] : "";
        return line.Length > 0 ? ProtoJson.TryRead<Struct>(Encoding.UTF8.GetBytes(line), out _) : null;
    }
}
