using System.Runtime.InteropServices;
using Gantry.Estate.Agents;
using Gantry.Estate.Matching;

namespace Gantry.Hub.Compile;

/// <summary>
/// Attributes of all agents by columns, for questions to the whole fleet: each agent has a place, and a column says of each place which of its values stands there.
/// A matcher is then asked once for each value, not for each agent. A column is made when somebody first asks for its name, and kept true from then on.
/// </summary>
internal sealed class AgentColumns
{
    /// <summary>In the place of a name: the hash of the components of an agent's build.</summary>
    public const string Components = "\0components";

    private const int Most = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _places = [];
    private readonly List<AgentFacts> _agents = [];
    private readonly Dictionary<string, Column> _columns = [];
    private long _asked;

    public void Put(AgentFacts agent)
    {
        lock (_lock)
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, agent.Id, out var isKnown);
            if (isKnown)
            {
                _agents[place] = agent;
            }
            else
            {
                place = _agents.Count;
                _agents.Add(agent);
            }

            foreach (var (name, column) in _columns)
            {
                column.Put(place, ValueOf(agent, name));
            }
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _places.Clear();
            _agents.Clear();
            _columns.Clear();
        }
    }

    /// <summary>Some columns as they are at one moment.</summary>
    public FleetColumns Read(IEnumerable<string> names)
    {
        lock (_lock)
        {
            return new FleetColumns([.. _agents], names.Distinct().ToDictionary(name => name, name => Column_NeedsLock(name).Copy()));
        }
    }

    private Column Column_NeedsLock(string name)
    {
        _asked++;
        if (_columns.TryGetValue(name, out var column) && column.Values.Count <= 2 * _agents.Count + 1_024)
        {
            column.Asked = _asked;
            return column;
        }

        // It is new, or full of values that agents had before.
        _columns.Remove(name);
        if (_columns.Count >= Most)
        {
            _columns.Remove(_columns.MinBy(item => item.Value.Asked).Key);
        }

        column = new Column { Asked = _asked };
        for (var place = 0; place < _agents.Count; place++)
        {
            column.Put(place, ValueOf(_agents[place], name));
        }

        _columns.Add(name, column);
        return column;
    }

    private static string ValueOf(AgentFacts agent, string name) => name == Components ? agent.ComponentsHash : new AgentAttributes(agent).Find(name);

    private sealed class Column
    {
        /// <summary>Matchers whose answers are remembered: those that somebody types just now, mostly.</summary>
        private const int MostMatchers = 8;

        private readonly Dictionary<string, int> _numbers = [];
        private readonly Dictionary<string, byte[]> _answers = [];
        private readonly List<int> _places = [];

        public List<string> Values { get; } = [];

        public long Asked { get; set; }

        public void Put(int place, string value)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, value, out var isKnown);
            if (!isKnown)
            {
                number = Values.Count;
                Values.Add(value);
            }

            if (place == _places.Count)
            {
                _places.Add(number);
            }
            else
            {
                _places[place] = number;
            }
        }

        public FleetColumn Copy() => new([.. _places], [.. Values], AnswersTo);

        /// <summary>Values keep their numbers for as long as the column lives, so what was answered once is answered for good.</summary>
        private byte[] AnswersTo(string matcher)
        {
            lock (_answers)
            {
                if (!_answers.TryGetValue(matcher, out var answers) && _answers.Count >= MostMatchers)
                {
                    _answers.Clear();
                }

                if (answers is null || answers.Length < Values.Count)
                {
                    Array.Resize(ref answers, Values.Count + 1_024);
                    _answers[matcher] = answers;
                }

                return answers;
            }
        }
    }
}

/// <param name="Columns">By name.</param>
internal sealed record FleetColumns(AgentFacts[] Agents, Dictionary<string, FleetColumn> Columns);

/// <param name="Numbers">Of the value of each agent.</param>
/// <param name="AnswersTo">Answers to a matcher, by number of the value, at least as many as there are values: 0 not asked, 1 no, 2 yes. Several may write
/// them at the same time, for all would write the same.</param>
internal sealed record FleetColumn(int[] Numbers, string[] Values, Func<string, byte[]> AnswersTo);
