//! Query plans as trees, each node with the blocks that it touches by itself: before, yours, the reference's.

use judge::evidence::EvidenceError;
use judge::sql::Value;

use super::Chart;
use super::facts::{Fact, Facts, figure, literal, table, text};
use super::svg::{Svg, short};
use super::whose::{Sides, Whose};

const WIDTH: f64 = 1000.0;
const ROW: f64 = 20.0;
const INDENT: f64 = 13.0;
/// Where nodes begin, their rows end, and bars stand.
const LEFT: f64 = 16.0;
const ROWS_END: f64 = 560.0;
const BARS: f64 = 580.0;
const BARS_WIDTH: f64 = 330.0;
/// A larger plan is drawn down to this many nodes.
const NODES_MAX: usize = 30;
const CHAR: f64 = 6.2;
/// Plans of so many probes are drawn.
const PROBES_MAX: usize = 3;

struct Node {
    path: Vec<u32>,
    name: String,
    loops: i64,
    rows: i64,
    removed: i64,
    /// With those of the nodes below.
    blocks: i64,
    /// Without them.
    own: i64,
}

struct Tree {
    whose: Whose,
    name: String,
    nodes: Vec<Node>,
}

/// One for each probe that has plans: the plan that is farthest from the reference's.
pub(super) fn charts(sides: &Sides<'_>) -> Result<Vec<Chart>, EvidenceError> {
    let worst = "SELECT probe, phase, tick, component, no, mode, blocks, par FROM (
            SELECT p.*, r.blocks AS par, row_number() OVER (
                PARTITION BY probe ORDER BY p.blocks - coalesce(r.blocks, 0) DESC, p.blocks DESC, p.no
            ) AS place
            FROM plan_costs AS p LEFT JOIN par.plan_costs AS r USING (probe, phase, tick, component, no, mode)
        ) WHERE place = 1 ORDER BY probe";
    let mut charts = Vec::new();
    for (index, plan) in Facts::ask(sides.reading, worst)?.iter().take(PROBES_MAX).enumerate() {
        let mut trees = Vec::new();
        for whose in Whose::ALL {
            let nodes = nodes(sides, whose, &plan)?;
            if !nodes.is_empty() {
                trees.push(Tree { whose, name: sides.name(whose), nodes });
            }
        }
        let name = if index == 0 { "plans".to_owned() } else { format!("plans-{}", index + 1) };
        charts.push(chart(name, &plan, &trees));
    }
    Ok(charts)
}

fn nodes(sides: &Sides<'_>, whose: Whose, plan: &Fact<'_>) -> Result<Vec<Node>, EvidenceError> {
    let Some((reading, side)) = sides.of(whose) else { return Ok(Vec::new()) };
    let sql = format!(
        "SELECT * FROM {side}.plan_nodes WHERE probe = {} AND phase = {} AND tick = {} AND component = {}
         AND no IS {} AND mode = {}",
        literal(&plan.text("probe")),
        plan.int("phase"),
        plan.int("tick"),
        literal(&plan.text("component")),
        plan.maybe("no").map_or("NULL".to_owned(), |no| no.to_string()),
        literal(&plan.text("mode")),
    );
    let mut nodes: Vec<Node> = Facts::ask(reading, &sql)?.iter().map(|it| node(&it)).collect();
    nodes.sort_by(|a, b| a.path.cmp(&b.path));
    let below = |path: &[u32]| -> i64 {
        let children = nodes.iter().filter(|it| it.path.len() == path.len() + 1 && it.path.starts_with(path));
        children.map(|it| it.blocks).sum()
    };
    let own: Vec<i64> = nodes.iter().map(|it| (it.blocks - below(&it.path)).max(0)).collect();
    nodes.iter_mut().zip(own).for_each(|(node, own)| node.own = own);
    Ok(nodes)
}

fn node(it: &Fact<'_>) -> Node {
    let (relation, index) = (it.text("relation"), it.text("index_name"));
    let on = match (&*relation, &*index) {
        ("", "") => String::new(),
        (relation, "") => format!(" {relation}"),
        ("", index) => format!(" {index}"),
        (relation, index) => format!(" {relation} by {index}"),
    };
    Node {
        path: it.text("path").split('.').map(|part| part.parse().unwrap_or(0)).collect(),
        name: format!("{}{on}", it.text("node")),
        loops: it.int("loops"),
        rows: it.int("rows"),
        removed: it.int("removed"),
        blocks: it.int("blocks"),
        own: 0,
    }
}

fn chart(name: String, plan: &Fact<'_>, trees: &[Tree]) -> Chart {
    let blocks = |tree: &Tree| tree.nodes.first().map_or(0, |root| root.blocks);
    let sums: Vec<String> =
        trees.iter().map(|tree| format!("{}: {} blocks", tree.name, figure(blocks(tree)))).collect();
    let row = plan.maybe("no").map_or(String::new(), |no| format!(", row {no}"));
    let title = format!("Query plan: {}{row}, on {}", plan.text("probe"), plan.text("component"));
    let drawn = |tree: &Tree| tree.nodes.len().min(NODES_MAX) + usize::from(tree.nodes.len() > NODES_MAX);
    let height = 40.0 + trees.iter().map(|tree| ROW * (drawn(tree) as f64 + 1.5) + 6.0).sum::<f64>();
    let about = format!("Plan trees, each node with the blocks that it touches itself. {}.", sums.join("; "));
    let mut svg = Svg::new(WIDTH, height, &title, &about);
    svg.text((16.0, 24.0), "head", &title);
    let most = trees.iter().flat_map(|tree| &tree.nodes).map(|node| node.own).max().unwrap_or(1).max(1);
    let mut y = 56.0;
    for tree in trees {
        y = draw(&mut svg, tree, blocks(tree), most, y) + ROW;
    }
    let cells = |tree: &Tree| {
        let whose = tree.name.clone();
        let row = move |it: &Node| {
            let name = format!("{}{}", "· ".repeat(it.path.len() - 1), it.name);
            let counts = [it.loops, it.rows, it.removed, it.own, it.blocks].map(Value::Int);
            [text(whose.clone()), text(name)].into_iter().chain(counts).collect()
        };
        tree.nodes.iter().map(row).collect::<Vec<Vec<Value>>>()
    };
    Chart {
        name,
        caption: format!(
            "The plan that is farthest from the reference's, of all that the probe “{}” has seen ({} plan). Bars have one scale; a block has 8 kB.",
            plan.text("probe"),
            plan.text("mode")
        ),
        picture: svg.finish(),
        table: table(
            &["whose", "node", "loops", "rows", "rows removed", "own blocks", "blocks with those below"],
            trees.iter().flat_map(cells).collect(),
        ),
    }
}

/// Draws a tree from `y` on and says where it ends.
fn draw(svg: &mut Svg, tree: &Tree, blocks: i64, most: i64, y: f64) -> f64 {
    svg.text((LEFT, y), "bold", &format!("{}: {} blocks", tree.name, figure(blocks)));
    svg.text((ROWS_END, y), "small end", "rows");
    svg.text((BARS, y), "small", "blocks of the node itself");
    svg.line((LEFT, y + 6.0), (WIDTH - 16.0, y + 6.0), "grid");
    let mut at = y + 6.0;
    for node in tree.nodes.iter().take(NODES_MAX) {
        at += ROW;
        let x = LEFT + INDENT * (node.path.len() - 1) as f64;
        if node.path.len() > 1 {
            svg.line((x - 8.0, at - 14.0), (x - 8.0, at - 4.0), "lane");
            svg.line((x - 8.0, at - 4.0), (x - 2.0, at - 4.0), "lane");
        }
        let room = ((ROWS_END - 70.0 - x) / CHAR) as usize;
        svg.text((x, at), "", &short(&node.name, room));
        svg.text((ROWS_END, at), "small end", &figure(node.rows));
        let width = BARS_WIDTH * node.own as f64 / most as f64;
        if node.own > 0 {
            svg.rect((BARS, at - 11.0), (width.max(1.0), 13.0), tree.whose.class(), &node.name);
        }
        svg.text((BARS + width + 6.0, at), "small", &figure(node.own));
    }
    if tree.nodes.len() > NODES_MAX {
        at += ROW;
        svg.text((LEFT, at), "small", &format!("… and {} more nodes", tree.nodes.len() - NODES_MAX));
    }
    at + ROW / 2.0
}
